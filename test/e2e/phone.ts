import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { mediaFrame } from '../../src/server/demo/streams.ts';

interface Received {
  readonly event?: string;
  readonly media?: { readonly payload: string };
  readonly mark?: { readonly name: string };
}

const frameBytes = 160;

/** The carrier's end of a stream: takes audio, sends back the marks that it passes, drops what waits on `clear`. */
export class Phone {
  readonly heard: Buffer[] = [];
  /** Everything that came, as it came. */
  readonly frames: string[] = [];
  clears = 0;
  readonly #socket: WebSocket;
  readonly #streamSid: string;
  /** Undefined: audio is played at once; else marks wait, as behind audio that is still being played. */
  #waiting: string[] | undefined;

  constructor(socket: WebSocket, streamSid: string, playsAtOnce = true) {
    this.#socket = socket;
    this.#streamSid = streamSid;
    this.#waiting = playsAtOnce ? undefined : [];
    socket.on('message', (data: Buffer) => this.#take(data.toString()));
  }

  /** Speaks mu-law, a frame every 20 ms. */
  async speak(audio: Buffer): Promise<void> {
    const started = performance.now();
    for (let index = 0; index * frameBytes < audio.length; index += 1) {
      const wait = started + index * 20 - performance.now();
      if (wait > 0) await sleep(wait);
      if (this.#socket.readyState !== WebSocket.OPEN) return;
      this.say(audio.subarray(index * frameBytes, (index + 1) * frameBytes), index);
    }
  }

  say(frame: Buffer, index = 0): void {
    this.#socket.send(mediaFrame(this.#streamSid, index, frame.toString('base64')));
  }

  press(digit: string): void {
    const dtmf = { track: 'inbound_track', digit };
    this.#socket.send(JSON.stringify({ event: 'dtmf', sequenceNumber: '5', streamSid: this.#streamSid, dtmf }));
  }

  hangUp(): void {
    this.#socket.close(1000);
  }

  #take(text: string): void {
    this.frames.push(text);
    const { event, media, mark } = JSON.parse(text) as Received;
    if (media !== undefined) this.heard.push(Buffer.from(media.payload, 'base64'));
    if (mark !== undefined) this.#pass(mark.name);
    if (event !== 'clear') return;
    this.clears += 1;
    for (const name of this.#waiting?.splice(0) ?? []) this.#return(name);
  }

  #pass(name: string): void {
    if (this.#waiting === undefined) this.#return(name);
    else this.#waiting.push(name);
  }

  #return(name: string): void {
    this.#socket.send(
      JSON.stringify({ event: 'mark', sequenceNumber: '9', streamSid: this.#streamSid, mark: { name } }),
    );
  }
}
