import type { Json, JsonObject } from './json.ts';

/** A value that holds or may hold words, and where it stands. */
export class Place {
  readonly holder: JsonObject | Json[];
  readonly key: string | number;
  /** Path as the table writes it, `customParameters.*`; empty for what the table does not name. */
  readonly pattern: string;
  /** Indexes of the arrays on the way, `.0.3`: tells apart what the pattern does not. */
  readonly indexes: string;
  /** True where every array on the way ends with it. */
  readonly atEnd: boolean;

  constructor(holder: JsonObject | Json[], key: string | number, pattern: string, indexes: string, atEnd: boolean) {
    this.holder = holder;
    this.key = key;
    this.pattern = pattern;
    this.indexes = indexes;
    this.atEnd = atEnd;
  }

  value(): Json {
    return (Array.isArray(this.holder) ? this.holder[Number(this.key)] : this.holder[this.key]) ?? null;
  }

  read(): string {
    const value = this.value();
    return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  }

  write(value: Json): void {
    if (Array.isArray(this.holder)) this.holder[Number(this.key)] = value;
    else this.holder[this.key] = value;
  }

  /** The value beside this one, under another key of the same object. */
  beside(key: string): Json {
    return Array.isArray(this.holder) ? null : (this.holder[key] ?? null);
  }
}

/** A key that is no plain identifier may hold words as well as a value may. Writing it renames it. */
export class KeyPlace extends Place {
  override read(): string {
    return String(this.key);
  }

  override write(text: Json): void {
    if (Array.isArray(this.holder) || typeof text !== 'string') return;
    const value = this.holder[this.key] ?? null;
    delete this.holder[this.key];
    this.holder[text] = value;
  }
}
