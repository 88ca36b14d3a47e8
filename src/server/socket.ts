import type { Socket } from 'node:net';
import type { ClientOptions } from 'ws';
import type { ReasonCode } from '../policy/reason.ts';
import { Way } from '../stream/protocol.ts';
import { openLane, type FrameSink } from './lane.ts';
import type { LegSocket } from './leg-socket.ts';
import { doorBounds } from './limits.ts';

/** Twilio's largest message is a few hundred bytes of audio or one utterance. */
export const callerMessageBytes = 64 * 1024;

/** An app sends what a vendor's SDK sends: up to a second of audio, a system prompt, the definitions of its tools. */
export const appMessageBytes = 1024 * 1024;

/** Vendors send up to a second of audio, or a whole history, in one message. */
export const vendorMessageBytes = 1024 * 1024;

/** Bytes waiting in one socket above which the other side is paused: 13 s of telephony audio. */
const highWaterBytes = 256 * 1024;

/** Options that the servers' and the clients' sockets share; each value is a limit that an attacker would meet. */
export function socketOptions(maxPayload: number): ClientOptions & { closeTimeout: number } {
  return {
    perMessageDeflate: false, // 61 KB on the wire can be 60 MiB of memory; and it costs memory for each call.
    maxPayload,
    maxFragments: 64, // Twilio and the vendors send whole messages; the default of ws is 16,384.
    maxBufferedChunks: 1024,
    closeTimeout: 5_000,
  };
}

/** One side of a call: its socket and the one under it, whose `drain` tells when a full buffer has emptied. */
export interface Leg {
  readonly socket: LegSocket;
  readonly transport: Socket;
}

/** Why something was not taken; `subject` is a code, never a text of the peer. */
export interface Refusal {
  readonly reason: ReasonCode;
  readonly subject: string;
}

/** What a leg tells about itself. */
export interface LegEvents {
  /** Gets each whole frame before it is read. See {@link openLane}. */
  readonly lane: FrameSink;
  onMessage(data: Buffer, binary: boolean): void;
  onDrain(): void;
  /** RFC 6455 section 7.4.1; 1006 where the connection was lost. */
  onClose(code: number): void;
  /** The peer broke the WebSocket protocol or a limit; the socket is closing. */
  onViolation(reason: ReasonCode): void;
  /** What was sent was not taken. */
  onRefusal(refusal: Refusal): void;
}

/**
 * The two sockets of a call as two ways. `toVendor` ends in the vendor's socket and begins in the caller's; what is
 * sent goes out at once, what is paused is the beginning of a way.
 */
export class Legs {
  readonly #ends: Readonly<Record<Way, Leg>>;
  readonly #begins: Readonly<Record<Way, Leg>>;
  /** Of each way, how a frame goes on as it came. False: the receiver is over its high-water mark. */
  readonly forward: Readonly<Record<Way, (frame: Buffer) => boolean>>;

  constructor(caller: Leg, vendor: Leg) {
    this.#ends = { [Way.toVendor]: vendor, [Way.toCaller]: caller };
    this.#begins = { [Way.toVendor]: caller, [Way.toCaller]: vendor };
    this.forward = { [Way.toVendor]: forwarder(vendor), [Way.toCaller]: forwarder(caller) };
  }

  /** Attaches both legs in one go, then lets the vendor's socket, paused since its upgrade, speak. */
  attach(events: Readonly<Record<Way, LegEvents>>): void {
    for (const way of [Way.toVendor, Way.toCaller] as const) {
      const { socket } = this.#begins[way];
      openLane(socket, way === Way.toVendor ? 'client' : 'server', events[way].lane);
      socket.on('message', (data: Buffer, binary: boolean) => events[way].onMessage(data, binary));
      socket.on('close', (code: number) => events[way].onClose(code));
      socket.on('error', (fault: Error) => onError(fault, events[way]));
      boundControlFrames(socket, events[way]);
      socket.on('refusal', (refusal: Refusal) => events[way].onRefusal(refusal));
      this.#ends[way].transport.on('drain', () => events[way].onDrain());
    }
    this.#begins[Way.toCaller].socket.resume();
  }

  send(way: Way, data: Buffer, binary: boolean): boolean {
    return sendTo(this.#ends[way], data, binary);
  }

  pause(way: Way): void {
    this.#begins[way].socket.pause();
  }

  resume(way: Way): void {
    this.#begins[way].socket.resume();
  }

  /** Closes the vendor's leg. Nothing that either side still says is listened to any more. */
  closeVendor(code: number, sentence: string): void {
    this.#ends[Way.toCaller].socket.removeAllListeners('message');
    closeLeg(this.#ends[Way.toVendor], code, sentence);
  }
}

/** False: the peer does not read as fast as it is sent to, and more would fill memory. */
export function sendTo({ socket }: Leg, data: Buffer, binary: boolean): boolean {
  if (socket.readyState !== socket.OPEN) return true;
  socket.send(data, { binary });
  return socket.bufferedAmount < highWaterBytes;
}

/** Resolves when the socket is closed, or after the limit in milliseconds. */
export function legClosed({ socket }: Leg, limitMs: number): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  if (socket.isPaused) socket.resume();
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, limitMs);
    socket.once('close', () => {
      clearTimeout(limit);
      resolve();
    });
  });
}

/**
 * Sends a frame as it came. It keeps the mask that its sender chose: whoever could profit from knowing it (RFC 6455 section
 * 10.3) would have to be this caller, whom the gate let in. ws writes each message at once, so nothing of it is cut in two.
 */
function forwarder({ socket, transport }: Leg): (frame: Buffer) => boolean {
  return (frame) => {
    if (socket.readyState !== socket.OPEN) return true;
    return transport.write(frame) || transport.writableLength < highWaterBytes;
  };
}

/** What the peer still says is not listened to any more; a paused socket must read to see the close. */
export function closeLeg({ socket }: Leg, code: number, sentence: string): void {
  socket.removeAllListeners('message');
  socket.close(code, sentence);
  if (socket.isPaused) socket.resume();
}

/** Errors of the WebSocket layer that say that a limit was passed; all its others say that a frame is malformed. */
const limitCodes: ReadonlySet<string> = new Set([
  'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
  'WS_ERR_TOO_MANY_BUFFERED_PARTS',
]);

/** A lost connection says nothing here: `close` follows it. */
function onError(fault: Error, events: LegEvents): void {
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
  if (limitCodes.has(code)) events.onViolation('FRAME_TOO_LARGE');
  else if (code.startsWith('WS_ERR_')) events.onViolation('FRAME_MALFORMED');
}

/** Pings are answered by the WebSocket layer, each of them; a flood ends the call before the answers fill memory. */
function boundControlFrames(socket: LegSocket, events: LegEvents): void {
  let secondFrom = 0;
  let count = 0;
  let told = false;
  const onFrame = (): void => {
    const now = performance.now();
    count = now - secondFrom > 1_000 ? 1 : count + 1;
    if (count === 1) secondFrom = now;
    if (count <= doorBounds.controlFrames) return;
    // Told once that it has to go; who then goes on is not waited for.
    if (told && count > doorBounds.controlFrames * 2) return socket.terminate();
    if (!told) events.onViolation('CONTROL_FLOOD');
    told = true;
  };
  socket.on('ping', onFrame);
  socket.on('pong', onFrame);
}

const pingMs = 8_000;
const missedPings = 2;

/** Pings one peer; a host that is gone without a word is noticed within 25 seconds. RFC 6455 section 5.5.2. */
export class Heartbeat {
  readonly #socket: LegSocket;
  #sentAt: number | undefined;
  #missed = 0;

  constructor(socket: LegSocket) {
    this.#socket = socket;
    socket.on('pong', () => {
      this.#missed = 0;
    });
  }

  /** Called with every tick. False: the peer has not answered for too long. `now` is monotonic milliseconds. */
  beat(now: number): boolean {
    this.#sentAt ??= now;
    if (now - this.#sentAt < pingMs) return true;
    this.#sentAt = now;
    this.#missed += 1;
    if (this.#missed > missedPings) return false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
    return true;
  }
}
