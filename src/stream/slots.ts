import type { NestedName } from '../policy/nested.ts';
import type { Speaker } from '../policy/phi/recognizer.ts';
import { isObject, stringAt, type Json, type JsonObject } from './json.ts';
import { KeyPlace, Place } from './place.ts';
import type { Known, Slot, SlotMode } from './protocol.ts';
import { wordlessForms, type Rule, type RuleTree, type TextRule, type Wordless } from './rules.ts';

/** One string of a message, as its rule describes it. */
export class PlaceSlot implements Slot {
  readonly place: Place;
  readonly path: string;
  readonly name: string;
  readonly mode: SlotMode;
  readonly speaker: Speaker;
  readonly key: string;
  readonly last: boolean;
  readonly atEnd: boolean;
  readonly known: Known | undefined;
  readonly silentWhenEmpty: boolean;
  readonly endsWithSilence: boolean;

  constructor(place: Place, rule: TextRule, speaker: Speaker, key: string, last: boolean, known?: Known) {
    this.place = place;
    this.path = place.pattern;
    this.name = String(place.key);
    this.mode = rule.mode;
    this.speaker = speaker;
    this.key = key;
    this.last = last;
    this.atEnd = place.atEnd;
    this.known = known;
    this.silentWhenEmpty = rule.silentWhenEmpty ?? false;
    this.endsWithSilence = rule.endsWithSilence ?? false;
  }

  read(): string {
    return this.place.read();
  }

  write(text: string): void {
    this.place.write(text);
  }
}

/** A declared place with its rule. */
export interface Declared {
  readonly place: Place;
  readonly rule: Rule;
}

/** All strings of a message, told apart by the table. */
export class Reading {
  readonly declared: Declared[] = [];
  readonly undeclared: Place[] = [];
  readonly keys: KeyPlace[] = [];
  /** Lists that repeat text in a form that cannot be redacted piece by piece. */
  readonly dropped: Place[] = [];
  readonly names: NestedName[] = [];
  readonly root: JsonObject;
  /** A key `__proto__`, or audio that is no base64. */
  malformed = false;

  constructor(root: JsonObject) {
    this.root = root;
  }
}

/** What a programmer calls a field. A person's number needs more digits. */
const plainKey = /^[A-Za-z_$][A-Za-z_$.-]{0,63}\d{0,2}$/u;

/** Whole numbers from seven digits on can be a telephone number, a birth date or a record number. */
const longNumber = 1_000_000;

const addressRule: Rule = { is: 'text', text: { mode: 'address', speaker: 'agent' } };

/** What lies within a value has these of the arrays on the way to it. */
type Position = Pick<Place, 'indexes' | 'atEnd'>;

const top: Position = { indexes: '', atEnd: true };

/** Reads a message by its rules; `wordless` names keys that hold no words wherever they stand. */
export class Reader {
  private readonly rules: RuleTree;
  private readonly wordless: ReadonlyMap<string, Wordless>;
  private readonly everyKey: boolean;

  /** With `everyKey` plain identifiers are read as well: where nothing is known of a message, they may be names. */
  constructor(rules: RuleTree, wordless: ReadonlyMap<string, Wordless>, everyKey = false) {
    this.rules = rules;
    this.wordless = wordless;
    this.everyKey = everyKey;
  }

  read(root: JsonObject): Reading {
    const reading = new Reading(root);
    this.readObject(root, top, this.rules, false, reading);
    return reading;
  }

  /** `free`: all keys are somebody's own, and what they are called says nothing. */
  private readObject(
    holder: JsonObject,
    { indexes, atEnd }: Position,
    rules: RuleTree | undefined,
    free: boolean,
    reading: Reading,
  ): void {
    for (const key of Object.keys(holder)) {
      if (key === '__proto__') reading.malformed = true;
      if (this.everyKey || !plainKey.test(key)) reading.keys.push(new KeyPlace(holder, key, '', indexes, atEnd));
      const within = rules?.child(key);
      this.readValue(new Place(holder, key, within?.pattern ?? '', indexes, atEnd), within, free, reading);
    }
  }

  private readArray(
    holder: Json[],
    { indexes, atEnd }: Position,
    rules: RuleTree | undefined,
    free: boolean,
    reading: Reading,
  ): void {
    const each = rules?.child('[]');
    const pattern = each?.pattern ?? '';
    for (let index = 0; index < holder.length; index += 1) {
      const isLast = atEnd && index === holder.length - 1;
      this.readValue(new Place(holder, index, pattern, `${indexes}.${index}`, isLast), each, free, reading);
    }
  }

  private readValue(place: Place, rules: RuleTree | undefined, free: boolean, reading: Reading): void {
    const value = place.value();
    if (rules?.rule?.is === 'dropped') reading.dropped.push(place);
    else {
      if (rules?.rule?.is === 'name') readName(place, value, rules, reading);
      const freeWithin = free || isSomebodysOwn(rules?.rule);
      if (Array.isArray(value)) this.readArray(value, place, rules, freeWithin, reading);
      else if (isObject(value)) this.readObject(value, place, rules, freeWithin, reading);
      else if (typeof value === 'string' || typeof value === 'number')
        readLeaf(place, value, rules?.rule ?? (free ? undefined : this.ruleOfKey(place.key)), reading);
    }
  }

  private ruleOfKey(key: string | number): Rule | undefined {
    const form = typeof key === 'string' ? this.wordless.get(key) : undefined;
    return form === undefined ? undefined : { is: 'wordless', form };
  }
}

/** An object in place of words is made of words as well. */
function isSomebodysOwn(rule: Rule | undefined): boolean {
  return rule?.is === 'free' || rule?.is === 'text';
}

/** What is there in place of a name cannot be judged, and so names nobody who is approved. */
function readName(place: Place, value: Json, rules: RuleTree, reading: Reading): void {
  if (rules.rule?.is !== 'name' || value === null || value === false) return;
  const { form, harmless, of } = rules.rule;
  const at = rules.pattern;
  const provider = of === undefined ? undefined : stringAt(reading.root, withIndexes(of, place.indexes));
  const name = { at, form, ...(provider === undefined ? {} : { of: provider }) };
  if (form === 'feature') reading.names.push({ ...name, value: String(place.key) });
  else if (typeof value === 'string') {
    if (!harmless.includes(value)) reading.names.push({ ...name, value });
  } else if (typeof value !== 'object' || rules.children.size === 0) reading.names.push({ ...name, value: '' });
}

/** `think[].provider.type` at the indexes `.2` is `think.2.provider.type`. */
function withIndexes(path: string, indexes: string): string {
  const known = indexes.split('.').slice(1);
  return path.replaceAll('[]', () => `.${known.shift() ?? ''}`);
}

function readLeaf(place: Place, value: string | number, stated: Rule | undefined, reading: Reading): void {
  const rule = isLetGo(place, stated) ? base64Rule : stated;
  const form = formOf(rule);
  if (rule?.is === 'text' || rule?.is === 'known') reading.declared.push({ place, rule });
  else if (rule?.is === 'name' && rule.form === 'url') reading.declared.push({ place, rule: addressRule });
  else if (typeof value === 'number') {
    if (form !== 'number' && Math.abs(value) >= longNumber) reading.undeclared.push(place);
  } else if (form === undefined || !wordlessForms[form].test(value)) {
    if (form === 'base64') reading.malformed = true;
    reading.undeclared.push(place);
  }
}

const base64Rule: Rule = { is: 'wordless', form: 'base64' };

function isLetGo(place: Place, rule: Rule | undefined): boolean {
  const unless = rule?.is === 'known' ? rule.known.unless : undefined;
  if (unless === undefined) return false;
  return unless.beside
    .map((key) => place.beside(key))
    .some((type) => typeof type === 'string' && type.startsWith(unless.begins));
}

function formOf(rule: Rule | undefined): Wordless | undefined {
  if (rule?.is === 'wordless') return rule.form;
  if (rule?.is === 'name') return rule.form === 'configuration' ? 'id' : 'name';
  return undefined;
}
