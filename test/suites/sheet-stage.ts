import { clearanceOf } from '../../src/policy/clearance.ts';
import type { NestedScope } from '../../src/policy/nested.ts';
import type { JsonObject } from '../../src/stream/json.ts';
import type { OpenMessage, ProtocolCodec } from '../../src/stream/protocol.ts';
import { startRelay, type Rig } from '../stream/rig.ts';
import { listConversation } from '../stream/wordlist.ts';
import type { Sample } from './books.ts';
import { canary, canaryNumber, oneWord, scopeOf } from './canary.ts';
import { parse } from './plants.ts';
import type { SheetMessage } from './sheets.ts';

/** What came out of a call in which messages of a sheet were played. */
export interface Outcome {
  readonly made: Rig;
  readonly sent: readonly JsonObject[];
  readonly all: string;
}

export interface SheetStage {
  typeOf(this: void, message: SheetMessage): string;
  /** What comes out of frames in a row, and of the silence after them. */
  run(this: void, message: SheetMessage, frames: readonly JsonObject[], nested?: NestedScope): Outcome;
}

/** Calls of a protocol that are begun as its playbook begins, by whoever knows the planted words. */
export function stageOf(codec: ProtocolCodec, opening: readonly Sample[]): SheetStage {
  const open = ({ way, skeleton }: SheetMessage): OpenMessage | string => codec.open(way, bytesOf(skeleton), false);
  const play = ({ relay }: Rig, samples: readonly Sample[], now: number): void => {
    for (const { way, text } of samples) relay.onMessage(way, Buffer.from(text), false, now);
  };
  return {
    typeOf: (message) => {
      const opened = open(message);
      return typeof opened === 'string' ? opened : opened.type;
    },
    run: (message, frames, nested = scopeOf(true)) => {
      const opened = open(message);
      const early = typeof opened !== 'string' && opened.early;
      const starts = early || (typeof opened !== 'string' && opened.start !== undefined);
      const made = begin(codec, nested);
      if (!starts) play(made, opening, 0);
      made.sent.length = 0;
      made.events.length = 0;
      for (const [index, frame] of frames.entries())
        made.relay.onMessage(message.way, bytesOf(frame), false, 1 + index);
      // What may come before the start goes on with it.
      if (early) play(made, opening.slice(1), 900);
      made.relay.onTick(2_000);
      made.relay.onTick(9_000);
      const own = made.sent.slice(0, early ? 1 : undefined).filter(({ way }) => way === message.way);
      const sent = own.map(({ data }) => parse(data.toString()) ?? {});
      return { made, sent, all: made.sent.map(({ data }) => data.toString()).join('\n') };
    },
  };
}

function begin(codec: ProtocolCodec, nested: NestedScope): Rig {
  const words = new Map([
    [canary.toLowerCase(), 'NAME' as const],
    [oneWord.toLowerCase(), 'NAME' as const],
    [String(canaryNumber), 'PHONE' as const],
  ]);
  const mask = clearanceOf('mask');
  return startRelay(codec, { conversation: listConversation(words), vendor: mask, caller: mask, nested });
}

function bytesOf(message: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(message));
}
