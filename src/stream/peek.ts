import type { FrameContent } from './frame-content.ts';
import { ways, type AudioProver, type Way } from './protocol.ts';
import {
  closeBrace,
  colon,
  comma,
  equals,
  failed,
  matchBase64,
  matchDigits,
  matchFlag,
  matchId,
  matchNumber,
  matchWord,
  numberAt,
  openBrace,
  point,
  quote,
  skipSpace,
} from './match.ts';
import type { CompiledField, CompiledShape } from './shape.ts';
import { Stencil, type Span } from './stencil.ts';

/**
 * Proof that the bytes of a frame are audio and nothing else. A protocol says what its audio frames look like as shapes;
 * a walker compares a frame with them byte by byte: only keys of the shape, each at most once, only values of the proven
 * form, no escapes, no bytes after the end. Keys may come in any order and JSON white space may stand between tokens.
 */

/** The last few frames of a way that fitted no stencil; of so many one is made into the next stencil. */
const framesPerStencil = 8;
const mostDigits = 16;

/**
 * The prover of one call. It remembers the bound stream id, what stood where in the frame that it walked last, and a
 * stencil for each way.
 */
export class ShapeProver implements AudioProver {
  sequence = -1;
  payloadFrom = 0;
  payloadTo = 0;
  private sequenceFrom = 0;
  private sequenceTo = 0;
  /** From where to where there are digits. */
  private readonly digits = new Int32Array(2 * mostDigits);
  private digitSpans = 0;
  private readonly stencils: (Stencil | undefined)[] = ways.map(() => undefined);
  private readonly walked = new Int32Array(ways.length);
  private readonly shapes: Readonly<Record<Way, readonly CompiledShape[]>>;
  private readonly binaryIsAudio: Readonly<Record<Way, boolean>>;
  private boundStream: Buffer | undefined;

  constructor(shapes: Readonly<Record<Way, readonly CompiledShape[]>>, binaryIsAudio: Readonly<Record<Way, boolean>>) {
    this.shapes = shapes;
    this.binaryIsAudio = binaryIsAudio;
  }

  bind(streamSid: string): void {
    this.boundStream = Buffer.from(streamSid);
    this.stencils.fill(undefined);
  }

  provesFrame(way: Way, content: FrameContent, binary: boolean): boolean {
    content.load();
    if (binary) return this.provesBinary(way, content.length);
    const stencil = this.stencils[way];
    if (stencil?.fits(content) !== true) return this.walkFrame(way, content);
    this.sequence = stencil.sequenceOf(content);
    return true;
  }

  proves(way: Way, data: Buffer, binary: boolean): boolean {
    if (binary) return this.provesBinary(way, data.length);
    const shapes = this.shapes[way];
    for (let index = 0; index < shapes.length; index += 1) {
      const shape = shapes[index];
      this.sequence = -1;
      this.digitSpans = 0;
      if (shape === undefined) return false;
      const at = this.matchObject(data, skipSpace(data, 0), shape);
      if (at !== failed && skipSpace(data, at) === data.length) return true;
    }
    return false;
  }

  /** A frame that fits no stencil; the next ones may be like it. */
  private walkFrame(way: Way, content: FrameContent): boolean {
    const data = content.open();
    if (!this.proves(way, data, false)) return false;
    const walked = this.walked[way] ?? 0;
    this.walked[way] = walked + 1;
    if (walked % framesPerStencil === 0 && this.digitSpans <= mostDigits) this.stencils[way] = this.stencilOf(data);
    return true;
  }

  private stencilOf(data: Buffer): Stencil {
    const { digits: ends } = this;
    const digits = Array.from({ length: this.digitSpans }, (_, index) => spanOf(ends[2 * index], ends[2 * index + 1]));
    const sequence = this.sequence === -1 ? undefined : spanOf(this.sequenceFrom, this.sequenceTo);
    let { payloadTo } = this;
    while (data[payloadTo - 1] === equals) payloadTo -= 1;
    return new Stencil({ data, digits, sequence, audio: spanOf(this.payloadFrom, payloadTo) });
  }

  private provesBinary(way: Way, length: number): boolean {
    this.sequence = -1;
    this.payloadFrom = 0;
    this.payloadTo = length;
    return this.binaryIsAudio[way] && length > 0;
  }

  private matchObject(data: Buffer, start: number, shape: CompiledShape): number {
    if (data[start] !== openBrace) return failed;
    let at = start + 1;
    let seen = 0;
    for (;;) {
      at = skipSpace(data, at);
      if (data[at] !== quote) return failed;
      const index = this.findKey(data, at + 1, shape, seen);
      const field = shape.fields[index];
      if (field === undefined) return failed;
      seen |= 1 << index;
      at = skipSpace(data, at + 2 + field.key.length);
      if (data[at] !== colon) return failed;
      at = this.matchValue(data, skipSpace(data, at + 1), field);
      if (at === failed) return failed;
      at = skipSpace(data, at);
      const byte = data[at];
      at += 1;
      if (byte === closeBrace) return (seen & shape.required) === shape.required ? at : failed;
      if (byte !== comma) return failed;
    }
  }

  /** Index of the field whose key stands here and was not seen yet, or `failed`. */
  private findKey(data: Buffer, start: number, shape: CompiledShape, seen: number): number {
    for (let index = 0; index < shape.fields.length; index += 1) {
      const field = shape.fields[index];
      if (field !== undefined && (seen & (1 << index)) === 0 && matchWord(data, start, field.key) !== failed)
        return index;
    }
    return failed;
  }

  private matchValue(data: Buffer, start: number, field: CompiledField): number {
    if (field.shape !== undefined) return this.matchObject(data, start, field.shape);
    if (field.form === 'number') return this.matchNumber(data, start);
    if (field.form === 'flag') return matchFlag(data, start);
    if (data[start] !== quote) return failed;
    switch (field.form) {
      case 'base64':
        return this.matchPayload(data, start + 1);
      case 'id':
        return matchId(data, start + 1);
      case 'stream':
        return this.boundStream === undefined ? failed : matchWord(data, start + 1, this.boundStream);
      case 'literal':
        return this.matchLiteral(data, start + 1, field.values);
      case 'digits':
      case 'sequence':
      case 'object':
        break;
    }
    return this.matchQuotedDigits(data, start + 1, field.form === 'sequence');
  }

  private matchPayload(data: Buffer, start: number): number {
    const at = matchBase64(data, start);
    this.payloadFrom = start;
    this.payloadTo = at - 1;
    return at;
  }

  private matchLiteral(data: Buffer, start: number, values: readonly Buffer[]): number {
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index];
      const at = value === undefined ? failed : matchWord(data, start, value);
      if (at !== failed) return at;
    }
    return failed;
  }

  private matchNumber(data: Buffer, start: number): number {
    const at = matchNumber(data, start);
    let from = start;
    for (let index = start; index <= at; index += 1) {
      if (index < at && data[index] !== point) continue;
      this.noteDigits(from, index);
      from = index + 1;
    }
    return at;
  }

  private matchQuotedDigits(data: Buffer, start: number, keep: boolean): number {
    const at = matchDigits(data, start);
    if (at === failed || data[at] !== quote) return failed;
    this.noteDigits(start, at);
    if (!keep) return at + 1;
    this.sequence = numberAt(data, start, at);
    this.sequenceFrom = start;
    this.sequenceTo = at;
    return at + 1;
  }

  private noteDigits(from: number, to: number): void {
    if (this.digitSpans < mostDigits) this.digits.set([from, to], 2 * this.digitSpans);
    this.digitSpans += 1;
  }
}

function spanOf(from = 0, to = 0): Span {
  return { from, to };
}
