import { describe, expect, test } from 'vitest';
import { demandsOf } from '../../src/policy/training.ts';
import { stringAt, valueAt, type Json, type JsonObject } from '../../src/stream/json.ts';
import { ways, wayNames, type ProtocolCodec } from '../../src/stream/protocol.ts';
import type { Sample } from './books.ts';
import {
  approved,
  canary,
  canaryNumber,
  faultOfParameter,
  plain,
  scopeOf,
  secret,
  strange,
  stranger,
  tells,
} from './canary.ts';
import { parse } from './plants.ts';
import { stageOf, type Outcome } from './sheet-stage.ts';
import {
  filled,
  flat,
  inSnake,
  isNameForm,
  sheetOf,
  textOf,
  valuesAt,
  withoutLists,
  type Line,
  type SheetMessage,
} from './sheets.ts';

/** Every field that the sheet of a protocol knows, one after the other. */
export function sheetSuite(name: string, codec: ProtocolCodec, opening: readonly Sample[]): void {
  const sheet = sheetOf(name);
  const { typeOf, run } = stageOf(codec, opening);
  const titled = (message: SheetMessage, note = ''): [string, SheetMessage] => [
    `${wayNames[message.way]} ${typeOf(message)}${note}`,
    message,
  ];
  const snaked = sheet.snake ? sheet.messages.map((message) => titled(inSnake(message), ', snake case')) : [];

  function faultOf(message: SheetMessage, line: Line): string | undefined {
    const { skeleton } = message;
    const { what, path } = line;
    const one = (value: Json): JsonObject => filled(skeleton, path, value);
    if (isNameForm(what)) return faultOfName(message, line);
    switch (what) {
      case 'text':
        return faultOfWords(message, path, [one(canary)]) ?? lost(run(message, [one(plain)]), path, plain);
      case 'delta':
        return faultOfDelta(message, path);
      case 'restated': {
        const frames = [...canary].map((_, at) => one(`hi ${canary}`.slice(0, at + 4)));
        return faultOfWords(message, path, frames) ?? lost(run(message, [one(plain)]), path, plain);
      }
      case 'words':
        return faultOfPieces(message, line, ['hi', ...canary.split(' ')], ' ');
      case 'chars':
        return faultOfPieces(message, line, [...canary], '');
      case 'json':
        return faultOfJson(message, path);
      case 'free':
        return (
          faultOfWords(message, path, [one(strange)]) ?? lost(run(message, [one({ x: plain })]), `${path}.x`, plain)
        );
      case 'gone':
        return faultOfWords(message, path, [one(canary), one([canary, { x: canary }])]);
      case 'secret':
        return faultOfSecret(message, path);
      case 'flag':
        return faultOfFlag(message, line);
      case 'told':
        return faultOfTold(message, line);
      default:
        return 'is no kind of field';
    }
  }

  function faultOfWords(message: SheetMessage, path: string, frames: readonly JsonObject[]): string | undefined {
    const { made, all, sent } = run(message, frames);
    const joined = textOf(
      sent.flatMap((each) => valuesAt(each, path)),
      '',
    );
    const told = made.events.map(({ kind, facts, counts, reason }) => JSON.stringify({ kind, facts, counts, reason }));
    const out = `${all} ${joined} ${told.join(' ')}`.toLowerCase();
    return tells.some((tell) => out.includes(tell)) ? 'lets a name out' : undefined;
  }

  /** Cut in two at every place, and to single characters: nothing of it comes, in no order. */
  function faultOfDelta(message: SheetMessage, path: string): string | undefined {
    const cuts = [...canary].map((_, at) => [`so ${canary.slice(0, at)}`, `${canary.slice(at)} and`]);
    for (const pieces of [...cuts, [...canary]]) {
      const frames = pieces.map((piece) => filled(message.skeleton, path, piece));
      const fault = faultOfWords(message, path, frames);
      if (fault !== undefined) return `${fault}, cut as ${JSON.stringify(pieces)}`;
    }
    return lost(run(message, [filled(message.skeleton, path, plain)]), path, plain);
  }

  function faultOfPieces(
    message: SheetMessage,
    { path, rest: [whole] }: Line,
    pieces: readonly string[],
    between: string,
  ): string | undefined {
    const alone = filled(message.skeleton, path, ...pieces);
    const frames = whole === undefined ? [alone] : [alone, filled(alone, whole, pieces.join(between))];
    for (const frame of frames) {
      const { sent } = run(message, [frame]);
      const joined = sent.map((each) => textOf(valuesAt(each, path), between).toLowerCase()).join(' ');
      if (sent.length === 0) return 'is not sent';
      if (tells.some((tell) => joined.includes(tell))) return 'lets a name out';
    }
    return undefined;
  }

  function faultOfJson(message: SheetMessage, path: string): string | undefined {
    const text = JSON.stringify({
      who: canary,
      [canary]: 1,
      called: canaryNumber,
      slots: 2,
      said: `a\n${canary}`,
      note: plain,
    });
    const frame = filled(message.skeleton, path, text);
    const [shown] = run(message, [frame]).sent.flatMap((each) => valuesAt(each, path));
    const read = parse(typeof shown === 'string' ? shown : '');
    if (read === undefined || read['note'] !== plain || read['slots'] !== 2) return 'is no JSON any more';
    return faultOfWords(message, path, [frame]);
  }

  function faultOfSecret(message: SheetMessage, path: string): string | undefined {
    const { made, sent } = run(message, [filled(message.skeleton, path, secret)]);
    if (JSON.stringify(made.events).includes(secret)) return 'is recorded';
    return valuesAt(sent[0], path)[0] === secret ? undefined : 'does not come as it was';
  }

  function faultOfName(message: SheetMessage, { what, path, rest: [provider] }: Line): string | undefined {
    if (!isNameForm(what)) return 'is no name';
    const feature = path.split('.').at(-1) ?? '';
    // A feature on the way to a name is approved.
    const scope = scopeOf(provider === undefined, ...path.split('.'));
    const base = provider === undefined ? message.skeleton : filled(message.skeleton, provider, 'acme');
    const good: Json = what === 'feature' ? {} : approved[what];
    const bad: Json = what === 'feature' ? {} : what === 'url' ? stranger.url : 'stranger';
    const strict = what === 'feature' ? scopeOf(true) : scope;
    // A wild card stands for a key: approved it is `acme`.
    const wild = what === 'feature' && path.endsWith('*');
    if (run(message, [filled(base, path, good)], scope).sent.length !== 1) return 'does not pass with an approved name';
    const twice = path.includes('[]') && what !== 'feature' && provider === undefined;
    const frames = [
      filled(base, wild ? path.replace('*', 'stranger') : path, bad),
      ...(provider === undefined ? withoutLists(base, wild ? path.replace('*', 'stranger') : path, bad) : []),
      ...(twice ? [filled(base, path, good, bad)] : []),
    ];
    for (const frame of frames) {
      const { made, sent } = run(message, [frame], strict);
      const refused = made.events.find(({ kind }) => kind === 'vendor.refuse');
      if (sent.length > 0) return 'passes with a stranger';
      const at = stringAt({ ...refused?.facts }, 'at') ?? '';
      const found = stringAt({ ...refused?.sealed }, 'found') ?? '';
      if (flat(at) !== flat(path)) return `is refused as ${at}`;
      if (found !== (what === 'feature' ? (wild ? 'stranger' : feature) : bad)) return `is found as ${found}`;
      const reason = what === 'model' || what === 'region' ? 'BAA_OUT_OF_SCOPE' : 'SUBPROCESSOR_NOT_APPROVED';
      if (made.endings[0] !== reason) return `ends with ${String(made.endings[0])}`;
    }
    return undefined;
  }

  function faultOfFlag(message: SheetMessage, { path, rest: [must = '', present] }: Line): string | undefined {
    const value: Json = JSON.parse(must);
    const wrong: Json = typeof value === 'boolean' ? !value : 'auto';
    const frames = [filled(message.skeleton, path, wrong), message.skeleton, filled(message.skeleton, path, wrong)];
    const { made, sent } = run(message, frames);
    const found = sent.map((each) => valueAt(each, path));
    const between = present === undefined ? value : undefined;
    if (found.length !== 3 || found[0] !== value || found[1] !== between || found[2] !== value)
      return `says ${JSON.stringify(found)}`;
    const set = made.events.filter(({ kind, facts }) => kind === 'vendor.authorize' && facts?.['set'] === path).length;
    return set === (present === undefined ? 3 : 2) ? undefined : `is recorded ${set} times`;
  }

  function faultOfTold(message: SheetMessage, { path, rest: [must = ''] }: Line): string | undefined {
    const value: Json = JSON.parse(must);
    if (run(message, [filled(message.skeleton, path, value)]).sent.length !== 1) return 'does not pass as it must be';
    const { made, sent } = run(message, [filled(message.skeleton, path, typeof value === 'boolean' ? !value : 'auto')]);
    const refused = made.events.find(({ kind }) => kind === 'vendor.refuse');
    const at = stringAt({ ...refused?.facts }, 'at') ?? '';
    return sent.length === 0 && at === path && made.endings[0] === 'RETENTION_NOT_OFF' ? undefined : 'passes';
  }

  describe('its sheet', () => {
    test.each([...sheet.messages.map((message) => titled(message)), ...snaked])('%s', (_title, message) => {
      const { sent } = run(message, [message.skeleton]);
      const faults = message.lines.flatMap((line) => {
        const fault = faultOf(message, line);
        return fault === undefined ? [] : [`${line.what} ${line.path} ${fault}`];
      });
      const asItWas =
        sent.length === 1 && (changes(message) || JSON.stringify(sent[0]) === JSON.stringify(message.skeleton));
      expect({ faults, asItWas, known: typeOf(message) !== 'unknown' }).toEqual({
        faults: [],
        asItWas: true,
        known: true,
      });
    });

    test('has every message of the table', () => {
      const listed = new Set(sheet.messages.map((message) => `${message.way} ${typeOf(message)}`));
      const table = ways.flatMap((way) => codec.messages[way].map((type) => `${way} ${type}`));
      expect(table.filter((each) => !listed.has(each))).toEqual([]);
    });

    test('has every name, parameter and flag of the table', () => {
      const listed = new Set(
        sheet.messages.flatMap(({ way, lines }) =>
          lines.map(({ what, path }) => `${what === 'flag' || what === 'told' ? what : way} ${path}`),
        ),
      );
      const names = ways.flatMap((way) => codec.names[way].map((at) => `${way} ${at}`));
      const { fields, told = [] } = demandsOf(name);
      const flags = [...fields.map(({ at }) => `flag ${at}`), ...told.map(({ at }) => `told ${at}`)];
      const inQuery = new Set(sheet.query.map(({ path }) => path));
      const parameters = [...Object.keys(codec.query), ...demandsOf(name).query.map((each) => each.name)];
      expect([...names, ...flags].filter((each) => !listed.has(each))).toEqual([]);
      expect(parameters.filter((each) => !inQuery.has(each))).toEqual([]);
    });

    test('its parameters', () => {
      expect(sheet.query.flatMap((line) => faultOfParameter(codec, line) ?? [])).toEqual([]);
    });
  });
}

function lost({ sent }: Outcome, path: string, value: string): string | undefined {
  const joined = textOf(
    sent.flatMap((each) => valuesAt(each, path)),
    '',
  );
  return joined === value ? undefined : `says ${JSON.stringify(joined)} instead of harmless words`;
}

function changes({ rewritten, lines }: SheetMessage): boolean {
  return rewritten || lines.some(({ what, rest }) => what === 'flag' && rest.length === 1);
}
