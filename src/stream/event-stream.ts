const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const field = Buffer.from('data:');
const space = 0x20;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads a stream of server-sent events: the data of each, in order, however the bytes are cut. Names, ids and retry times
 * of events say nothing here. Source: WHATWG HTML, section 9.2.6, interpreting an event stream.
 */
export class EventStream {
  private readonly longest: number;
  /** Bytes of a line whose end has not come. */
  private rest: Buffer = Buffer.alloc(0);
  private data: Buffer[] = [];
  private bytes = 0;
  /** The last line ended with a carriage return: a line feed after it is part of that end. */
  private afterReturn = false;
  private begun = false;

  /** `longest`: bytes that one event may have. */
  constructor(longest: number) {
    this.longest = longest;
  }

  /** The events that are complete now; undefined where one is too long, and nothing more is to be read. */
  push(piece: Buffer): readonly Buffer[] | undefined {
    const events: Buffer[] = [];
    const text = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    let from = 0;
    for (let at = this.rest.length; at < text.length; at += 1) {
      const byte = text[at];
      const isPair = byte === lineFeed && this.afterReturn && at === from;
      this.afterReturn = byte === carriageReturn;
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      if (!isPair) this.line(text.subarray(from, at), events);
      from = at + 1;
    }
    this.rest = Buffer.from(text.subarray(from));
    return this.bytes + this.rest.length > this.longest ? undefined : events;
  }

  private line(line: Buffer, events: Buffer[]): void {
    const start = !this.begun && line.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    this.begun = true;
    if (line.length === start) this.dispatch(events);
    else if (line.subarray(start, start + field.length).equals(field)) {
      const from = start + field.length;
      this.data.push(line.subarray(line[from] === space ? from + 1 : from));
      this.bytes += line.length;
    }
  }

  private dispatch(events: Buffer[]): void {
    const [first] = this.data;
    if (first !== undefined)
      events.push(this.data.length === 1 ? Buffer.from(first) : Buffer.from(this.data.join('\n')));
    this.data = [];
    this.bytes = 0;
  }
}
