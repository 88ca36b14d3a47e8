import type { Scene } from '../../src/server/demo/scene.ts';
import { Program } from '../e2e/program.ts';

/** So long after a kill somebody may not have heard of it. */
const killSeenMs = 1_000;

/** The built program, which is killed now and then and started again as a supervisor would. */
export class Restarted {
  readonly #scene: Scene;
  #program: Program;
  /** The process that takes calls; while there is none, the next one. */
  running: Promise<Program>;
  kills = 0;
  #killedAt = -Infinity;
  #isReplaced = true;
  /** What was said by all that have ended. */
  output = '';

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#program = this.#start();
    this.running = this.#ready();
  }

  /** There is none yet, or a connection may still be given to the one that is no more. */
  get isJustKilled(): boolean {
    return !this.#isReplaced || performance.now() - this.#killedAt < killSeenMs;
  }

  /** Resolves when another one takes calls. */
  async kill(): Promise<void> {
    this.#count();
    this.running = this.running.then(() => this.#replace());
    await this.running;
  }

  /** One of the processes that carry calls: the others go on, and it is replaced without a word from here. */
  async killWorker(): Promise<void> {
    const [victim = 0] = await this.#program.children();
    this.#count();
    process.kill(victim, 'SIGKILL');
  }

  #count(): void {
    this.kills += 1;
    this.#killedAt = performance.now();
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
    this.#isReplaced = false;
    await this.end();
    this.#program = this.#start();
    const program = await this.#ready();
    this.#isReplaced = true;
    this.#killedAt = performance.now();
    return program;
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
