import type { NestedName } from '../policy/nested.ts';
import type { Speaker } from '../policy/phi/recognizer.ts';
import { isObject, setAt, stringAt, valueAt, type Json, type JsonObject } from './json.ts';
import type { Kind, OpenMessage, PieceList, Slot, StartFacts } from './protocol.ts';
import type { Condition, TextRule } from './rules.ts';
import type { Place } from './place.ts';
import { PlaceSlot, type Declared, type Reader, type Reading } from './slots.ts';
import { aloneIn } from './solo.ts';
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

/** A piece is read with its list, and is in no dialogue of its own. */
const noUtterance = '';

const asideRule: TextRule = { mode: 'aside', speaker: 'agent' };

/** A parsed message, read by its row of the table. */
export class TableMessage implements OpenMessage {
  readonly type: string;
  readonly kind: Kind;
  readonly slots: readonly PlaceSlot[];
  readonly lists: readonly PieceList[];
  readonly names: readonly NestedName[];
  readonly binary: boolean;
  readonly early: boolean;
  readonly ends: boolean;
  readonly cuts: readonly string[];
  readonly finishes: readonly string[];
  withheld = false;
  private readonly compiled: CompiledMessage;
  private readonly root: JsonObject;
  private readonly reading: Reading;

  constructor(compiled: CompiledMessage, root: JsonObject, reading: Reading, binary: boolean) {
    this.compiled = compiled;
    this.root = root;
    this.reading = reading;
    this.binary = binary;
    this.type = compiled.type;
    this.kind = compiled.spec.kind;
    this.early = compiled.spec.early ?? false;
    this.ends = compiled.spec.ends ?? false;
    this.cuts = compiled.spec.cuts ?? [];
    this.names = reading.names;
    this.finishes = (compiled.spec.finishes ?? []).flatMap(({ keys, when }) =>
      when === undefined || holds(root, when) ? keys : [],
    );
    const declared = reading.declared.toSorted((first, second) => this.rank(first) - this.rank(second));
    this.slots = declared.filter((each) => pieceOf(each) === undefined).map((each) => this.slotOf(each));
    this.lists = this.listsOf(declared.filter((each) => pieceOf(each) !== undefined));
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

  get repeats(): boolean {
    return this.reading.dropped.some((place) => !isEmpty(place.value()));
  }

  sweep(): readonly Slot[] {
    return [...this.reading.undeclared, ...this.reading.keys.toReversed()].map(
      (place) => new PlaceSlot(place, asideRule, 'agent', 'aside', true),
    );
  }

  drop(): void {
    for (const place of this.reading.dropped) place.write(emptyOf(place.value()));
  }

  demand(path: string, must: Json, always: boolean): boolean {
    const found = valueAt(this.root, path);
    if (found === must || (found === undefined && !always)) return false;
    setAt(this.root, path, must);
    return true;
  }

  remove(key: string): void {
    Reflect.deleteProperty(this.root, key);
  }

  field(path: string): Json | undefined {
    return valueAt(this.root, path);
  }

  withhold(): void {
    this.withheld = true;
  }

  seal(): Buffer {
    return Buffer.from(JSON.stringify(this.root));
  }

  solo(slot: Slot, text: string): Buffer {
    if (!(slot instanceof PlaceSlot)) throw new TypeError('The slot is of another message');
    const { place } = slot;
    const before = place.value();
    place.write(text);
    const others = new Set([...this.reading.declared.map((each) => each.place), ...this.reading.undeclared]);
    const alone = Buffer.from(JSON.stringify(aloneIn(this.root, place, others)));
    place.write(before);
    return alone;
  }

  private rank(declared: Declared): number {
    return this.compiled.order.get(declared.place.pattern) ?? 0;
  }

  private slotOf({ place, rule }: Declared): PlaceSlot {
    if (rule.is !== 'text')
      return new PlaceSlot(place, asideRule, 'agent', 'aside', true, rule.is === 'known' ? rule.known : undefined);
    const { text } = rule;
    const values = (text.by ?? []).map((path) => valueFrom(this.root, place, path));
    const key = [text.key ?? `${this.type}:${place.pattern}`, place.indexes, ...values.map(nameOf)].join('|');
    return new PlaceSlot(place, text, speakerOf(this.root, place, text), key, isLast(this.root, text, place));
  }

  /** Pieces of one list belong together; their whole text stands at another path under the same indexes. */
  private listsOf(pieces: readonly Declared[]): readonly PieceList[] {
    const lists: PlacedList[] = [];
    for (const piece of pieces) {
      const last = lists.at(-1);
      const list = last?.holds(piece.place) === true ? last : this.listFor(piece, lists);
      list.pieces.push(this.pieceSlotOf(piece));
    }
    return lists;
  }

  private listFor(piece: Declared, lists: PlacedList[]): PlacedList {
    const known = lists.find((list) => list.holds(piece.place));
    if (known !== undefined) return known;
    const { pattern, indexes } = piece.place;
    const parent = indexes.slice(0, indexes.lastIndexOf('.'));
    const list = new PlacedList(pattern, parent, this.wholeOf(pieceOf(piece), parent));
    lists.push(list);
    return list;
  }

  private pieceSlotOf({ place, rule }: Declared): PlaceSlot {
    if (rule.is !== 'text') throw new TypeError('A piece is a text');
    return new PlaceSlot(place, rule.text, speakerOf(this.root, place, rule.text), noUtterance, true);
  }

  private wholeOf(path: string | undefined, indexes: string): Slot | undefined {
    return this.slots.find((slot) => slot.path === path && slot.place.indexes === indexes);
  }
}

/** A list and where it stands. */
class PlacedList implements PieceList {
  readonly of: Slot | undefined;
  readonly pieces: Slot[] = [];
  private readonly pattern: string;
  private readonly parent: string;

  constructor(pattern: string, parent: string, of: Slot | undefined) {
    this.pattern = pattern;
    this.parent = parent;
    this.of = of;
  }

  holds({ pattern, indexes }: Place): boolean {
    const { parent } = this;
    return pattern === this.pattern && indexes.lastIndexOf('.') === parent.length && indexes.startsWith(parent);
  }
}

function pieceOf({ rule }: Declared): string | undefined {
  return rule.is === 'text' ? rule.text.pieceOf : undefined;
}

function speakerOf(root: JsonObject, place: Place, { speaker }: TextRule): Speaker {
  if (typeof speaker === 'string') return speaker;
  const role = valueFrom(root, place, speaker.at);
  return typeof role === 'string' && speaker.agent.includes(role) ? 'agent' : 'caller';
}

/** The value at a path from the root, or with `./` from beside the place. */
function valueFrom(root: JsonObject, place: Place, path: string): Json | undefined {
  return path.startsWith('./') ? place.beside(path.slice(2)) : valueAt(root, path);
}

/** Ids are strings in some protocols and numbers in others. */
function nameOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Of a history only the last text may still change. */
function isLast(root: JsonObject, { mode, last }: TextRule, place: Place): boolean {
  if (mode === 'history' && (last === undefined || !place.atEnd)) return true;
  if (last === undefined) return false;
  return valueAt(root, last.at) === undefined ? last.whenMissing : holds(root, last);
}

function holds(root: JsonObject, { at, is }: Condition): boolean {
  const value = valueAt(root, at);
  return value !== undefined && is.includes(value);
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

function emptyOf(value: Json): Json {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : null;
}
