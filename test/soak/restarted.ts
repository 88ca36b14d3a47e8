import type { Scene } from '../../src/server/demo/scene.ts';
import { Program } from '../e2e/program.ts';

/** The built program, which is killed now and then and started again as a supervisor would. */
export class Restarted {
  readonly #scene: Scene;
  #program: Program;
  /** The process that takes calls; while there is none, the next one. */
  running: Promise<Program>;
  kills = 0;
  /** What was said by all that have ended. */
  output = '';

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#program = this.#start();
    this.running = this.#ready();
  }

  /** Resolves when another one takes calls. */
  async kill(): Promise<void> {
    this.kills += 1;
    this.running = this.#replace();
    await this.running;
  }

  /** Ends it as an operator would, and resolves to its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.#program.stop();
    this.output += this.#program.output;
    return code;
  }

  async end(): Promise<void> {
    await this.#program.kill();
    this.output += this.#program.output;
  }

  async #replace(): Promise<Program> {
    await this.end();
    this.#program = this.#start();
    return this.#ready();
  }

  async #ready(): Promise<Program> {
    const program = this.#program;
    await program.ready(40_000);
    return program;
  }

  #start(): Program {
    return new Program(['serve', '--config', this.#scene.config], { built: true });
  }
}
