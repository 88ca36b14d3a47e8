import type { Known, SlotMode } from './protocol.ts';
import type { Speaker } from '../policy/phi/recognizer.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/**
 * What a value without words may look like. Anything else under such a key is scanned like every other string.
 * `number` is a JSON number of any size, the others are strings.
 */
export type Wordless = 'id' | 'enum' | 'digits' | 'base64' | 'number';

/** How a table speaks of the end of an utterance: the value at a path, or what holds where the path is missing. */
export interface LastRule {
  readonly at: string;
  readonly is: readonly Json[];
  readonly whenMissing: boolean;
}

export interface TextRule {
  readonly mode: SlotMode;
  readonly speaker: Speaker;
  /** Name of the utterance; the path where the table gives none. */
  readonly key?: string;
  /** Paths whose values tell utterances of that name apart. */
  readonly by?: readonly string[];
  readonly last?: LastRule;
  readonly silentWhenEmpty?: true;
}

/** What the table says of the value at a path. */
export type Rule =
  | { readonly is: 'text'; readonly text: TextRule }
  | { readonly is: 'known'; readonly known: Known }
  | { readonly is: 'wordless'; readonly form: Wordless };

/** A value that holds or may hold words, and where it stands. */
export class Place {
  readonly holder: JsonObject | Json[];
  readonly key: string | number;
  /** Path as the table writes it, `customParameters.*`; empty for what the table does not name. */
  readonly pattern: string;
  /** Indexes of the arrays on the way, `.0.3`: tells apart what the pattern does not. */
  readonly indexes: string;

  constructor(holder: JsonObject | Json[], key: string | number, pattern: string, indexes: string) {
    this.holder = holder;
    this.key = key;
    this.pattern = pattern;
    this.indexes = indexes;
  }

  read(): string {
    const value = Array.isArray(this.holder) ? this.holder[Number(this.key)] : this.holder[this.key];
    return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  }

  write(text: string): void {
    if (Array.isArray(this.holder)) this.holder[Number(this.key)] = text;
    else this.holder[this.key] = text;
  }
}

/** A key that is no plain identifier may hold words as well as a value may. Writing it renames it. */
export class KeyPlace extends Place {
  override read(): string {
    return String(this.key);
  }

  override write(text: string): void {
    if (Array.isArray(this.holder)) return;
    const value = this.holder[this.key] ?? null;
    delete this.holder[this.key];
    this.holder[text] = value;
  }
}

/** Rules by path, as a tree: `*` any key, `[]` any element. Walked in step with a message. */
export class RuleTree {
  readonly children = new Map<string, RuleTree>();
  rule: Rule | undefined;
  pattern = '';

  /** `channel.alternatives[].transcript`, `customParameters.*` */
  add(path: string, rule: Rule): void {
    const keys = path.replaceAll('[]', '.[]').split('.');
    const leaf = keys.reduce((node: RuleTree, key) => node.childOrNew(key), this);
    leaf.rule = rule;
    leaf.pattern = path;
  }

  child(key: string): RuleTree | undefined {
    return this.children.get(key) ?? this.children.get('*');
  }

  private childOrNew(key: string): RuleTree {
    const child = this.children.get(key) ?? new RuleTree();
    this.children.set(key, child);
    return child;
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
  /** A key `__proto__`, or audio that is no base64. */
  malformed = false;
}

const forms: Readonly<Record<Wordless, RegExp>> = {
  id: /^(?![\d ().+-]{7,}$)[\w.:/+=-]{0,128}$/u,
  enum: /^(?!(?:\D*\d){7})[\w.:/+-]{0,64}$/u,
  digits: /^\d{0,9}$/u,
  number: /^-?\d{0,9}(?:\.\d{0,9})?$/u,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u,
};

/** What a programmer calls a field. A person's number needs more digits. */
const plainKey = /^[A-Za-z_$][A-Za-z_$.-]{0,63}\d{0,2}$/u;

/** Whole numbers from seven digits on can be a telephone number, a birth date or a record number. */
const longNumber = 1_000_000;

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
    const reading = new Reading();
    this.readObject(root, this.rules, '', reading);
    return reading;
  }

  private readObject(holder: JsonObject, rules: RuleTree | undefined, indexes: string, reading: Reading): void {
    for (const key of Object.keys(holder)) {
      if (key === '__proto__') reading.malformed = true;
      if (this.everyKey || !plainKey.test(key)) reading.keys.push(new KeyPlace(holder, key, '', indexes));
      this.readValue(holder, key, holder[key] ?? null, rules?.child(key), indexes, reading);
    }
  }

  private readArray(holder: Json[], rules: RuleTree | undefined, indexes: string, reading: Reading): void {
    const each = rules?.child('[]');
    for (const [index, value] of holder.entries())
      this.readValue(holder, index, value, each, `${indexes}.${index}`, reading);
  }

  private readValue(
    holder: JsonObject | Json[],
    key: string | number,
    value: Json,
    rules: RuleTree | undefined,
    indexes: string,
    reading: Reading,
  ): void {
    if (Array.isArray(value)) this.readArray(value, rules, indexes, reading);
    else if (isObject(value)) this.readObject(value, rules, indexes, reading);
    else if (typeof value === 'string' || typeof value === 'number') {
      const form = typeof key === 'string' ? this.wordless.get(key) : undefined;
      const rule = rules?.rule ?? (form === undefined ? undefined : { is: 'wordless', form });
      this.readLeaf(new Place(holder, key, rules?.pattern ?? '', indexes), value, rule, reading);
    }
  }

  private readLeaf(place: Place, value: string | number, rule: Rule | undefined, reading: Reading): void {
    if (rule?.is === 'text' || rule?.is === 'known') reading.declared.push({ place, rule });
    else if (typeof value === 'number') {
      if (rule?.form !== 'number' && Math.abs(value) >= longNumber) reading.undeclared.push(place);
    } else if (rule === undefined) reading.undeclared.push(place);
    else if (!forms[rule.form].test(value)) {
      if (rule.form === 'base64') reading.malformed = true;
      reading.undeclared.push(place);
    }
  }
}
