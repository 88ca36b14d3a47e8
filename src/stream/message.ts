import { stringAt, valueAt, type JsonObject } from './json.ts';
import type { Kind, Known, NamedAddress, OpenMessage, Slot, StartFacts } from './protocol.ts';
import type { Declared, LastRule, Place, Reader, Reading, TextRule } from './slots.ts';
import type { MessageSpec } from './table.ts';

/** A row of the table, ready to be used. */
export interface CompiledMessage {
  readonly type: string;
  readonly spec: MessageSpec;
  readonly reader: Reader;
  /** Position of each text path in the table: slots are read in that order. */
  readonly order: ReadonlyMap<string, number>;
  readonly stream: string | undefined;
  readonly sequence: string | undefined;
}

/** A parsed message, read by its row of the table. */
export class TableMessage implements OpenMessage {
  readonly type: string;
  readonly kind: Kind;
  readonly slots: readonly Slot[];
  readonly early: boolean;
  readonly ends: boolean;
  readonly cuts: readonly string[];
  withheld = false;
  private readonly compiled: CompiledMessage;
  private readonly root: JsonObject;
  private readonly reading: Reading;

  constructor(compiled: CompiledMessage, root: JsonObject, reading: Reading) {
    this.compiled = compiled;
    this.root = root;
    this.reading = reading;
    this.type = compiled.type;
    this.kind = compiled.spec.kind;
    this.early = compiled.spec.early ?? false;
    this.ends = compiled.spec.ends ?? false;
    this.cuts = compiled.spec.cuts ?? [];
    this.slots = reading.declared
      .toSorted((first, second) => this.rank(first) - this.rank(second))
      .map((declared) => this.slotOf(declared));
  }

  get start(): StartFacts | undefined {
    const spec = this.compiled.spec.start;
    if (spec === undefined) return undefined;
    return {
      callSid: stringAt(this.root, spec.callSid) ?? '',
      accountSid: stringAt(this.root, spec.accountSid) ?? '',
      streamSid: stringAt(this.root, spec.streamSid) ?? '',
      caller: spec.caller?.(this.root),
    };
  }

  get stream(): string | undefined {
    const { stream } = this.compiled;
    return stream === undefined ? undefined : stringAt(this.root, stream);
  }

  get sequence(): number {
    const { sequence } = this.compiled;
    const text = sequence === undefined ? '' : (stringAt(this.root, sequence) ?? '');
    return /^\d{1,9}$/u.test(text) ? Number(text) : -1;
  }

  get addresses(): readonly NamedAddress[] {
    return (this.compiled.spec.addresses ?? []).flatMap((at) => {
      const url = stringAt(this.root, at);
      return url === undefined ? [] : [{ at, url }];
    });
  }

  sweep(): readonly Slot[] {
    return [...this.reading.undeclared, ...this.reading.keys.toReversed()].map((place) =>
      slot(place, asideRule, 'aside', true),
    );
  }

  withhold(): void {
    this.withheld = true;
  }

  seal(): Buffer {
    return Buffer.from(JSON.stringify(this.root));
  }

  private rank(declared: Declared): number {
    return this.compiled.order.get(declared.place.pattern) ?? 0;
  }

  private slotOf({ place, rule }: Declared): Slot {
    if (rule.is !== 'text') return slot(place, asideRule, 'aside', true, rule.is === 'known' ? rule.known : undefined);
    const { text } = rule;
    const values = (text.by ?? []).map((path) => idAt(this.root, path));
    const key = [text.key ?? `${this.type}:${place.pattern}${place.indexes}`, ...values].join('|');
    return slot(place, text, key, isLast(this.root, text.last));
  }
}

const asideRule: TextRule = { mode: 'aside', speaker: 'agent' };

/** Ids are strings in some protocols and numbers in others. */
function idAt(root: JsonObject, path: string): string {
  const value = valueAt(root, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isLast(root: JsonObject, rule: LastRule | undefined): boolean {
  if (rule === undefined) return false;
  const value = valueAt(root, rule.at);
  return value === undefined ? rule.whenMissing : rule.is.includes(value);
}

function slot(place: Place, rule: TextRule, key: string, last: boolean, known?: Known): Slot {
  return {
    path: place.pattern,
    mode: rule.mode,
    speaker: rule.speaker,
    key,
    last,
    known,
    silentWhenEmpty: rule.silentWhenEmpty ?? false,
    name: String(place.key),
    read: () => place.read(),
    write: (text) => place.write(text),
  };
}
