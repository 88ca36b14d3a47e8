import { protocols } from '../stream/protocols/index.ts';
import { Way, type Onward, type Parting } from '../stream/protocol.ts';
import type { Route } from './config.ts';
import { legClosed, sendTo, type Leg } from './socket.ts';

/** The caller's side of a call whose vendor is gone, and what is said to it. */
export interface PartingCall {
  readonly caller: Leg;
  readonly route: Route;
}

/**
 * Long enough for the words of a crisis, spoken, and for a caller who talks in between; the call is lost where the socket closes
 * before. A number that does not answer is the caller's side's to deal with.
 */
const partingMs = 40_000;

/**
 * Tells the caller's side where the call goes, and again as often as it asks. Resolves when it has closed its socket, as it does
 * when the call has left it, or with a code that says why that did not come about.
 */
export async function part(
  { caller, route }: PartingCall,
  parting: Parting,
  onward: Onward,
  limitMs = partingMs,
): Promise<string> {
  const { socket } = caller;
  if (socket.readyState !== socket.OPEN) return 'ENOTCONN';
  const codec = protocols[route.protocol];
  let outcome = '';
  const say = (data: Buffer): void => {
    if (sendTo(caller, data, false)) return;
    outcome = 'ENOBUFS'; // Whoever asks on and does not read would fill memory.
    socket.terminate();
  };
  socket.on('message', (data: Buffer, binary: boolean) => {
    const message = codec.open(Way.toVendor, data, binary);
    const answer = typeof message === 'string' ? undefined : parting.answer(message, onward);
    if (answer !== undefined) say(answer);
  });
  say(parting.begin(onward));
  await legClosed(caller, limitMs);
  return socket.readyState === socket.CLOSED ? outcome : 'ETIMEDOUT';
}
