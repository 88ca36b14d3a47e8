import { allow, type Decision } from '../../policy/decision.ts';
import { seesAll } from '../../policy/clearance.ts';
import { alignPieces, removePieces, type PieceUnit } from '../../policy/phi/align.ts';
import { maskedWhole } from '../../policy/phi/redact.ts';
import { Kind, type OpenMessage, type PieceList, type Slot, type Way } from '../protocol.ts';
import { Redactor, type Pass } from '../redactor.ts';
import { recordBlocked, recordFound, type Stage, type StageContext } from '../stage.ts';

/**
 * Takes the identifiers out of every string of a message: the declared ones in their dialogue, then the lists that repeat
 * them in pieces, then all others.
 */
export function redactStage(context: StageContext): Stage {
  return new RedactStage(context);
}

class RedactStage implements Stage {
  readonly name = 'redact';
  readonly sees = new Set(Object.values(Kind));
  private readonly context: StageContext;
  private readonly redactor: Redactor;

  constructor(context: StageContext) {
    this.context = context;
    this.redactor = new Redactor(context);
  }

  run(message: OpenMessage, way: Way, now: number): Decision {
    const pass: Pass = { message, way, now, found: {}, decision: allow, overBudget: false };
    const originals = new Map<Slot, string>();
    for (const name of message.cuts) this.redactor.cut(name, pass);
    for (const slot of message.slots) {
      originals.set(slot, slot.read());
      if (slot.known === undefined) this.redact(slot, pass);
    }
    for (const list of message.lists) this.redactList(list, originals, pass);
    for (const slot of message.sweep()) this.redact(slot, pass);
    for (const name of message.finishes) this.redactor.finish(name, pass);
    if (message.repeats && !this.seesAll(way)) message.drop();
    this.redactor.note(pass, recordFound(this.context, way, message.type, pass.found));
    if (pass.overBudget)
      this.redactor.note(pass, recordBlocked(this.context, way, message.type, 'REDACTION_OVER_BUDGET'));
    return pass.decision;
  }

  expire(now: number): Decision {
    return this.redactor.expire(now);
  }

  end(): void {
    this.redactor.end();
  }

  /** Writes what may leave now. Over the budget the result is thrown away, yet a stream has taken its piece. */
  private redact(slot: Slot, pass: Pass): void {
    const before = slot.read();
    const streams = slot.mode === 'delta' || slot.mode === 'cumulative' || slot.mode === 'finish';
    if (this.isLate() && !streams) return this.mask(slot, pass);
    const text = this.redactor.show(slot, before, pass);
    if (this.isLate()) this.mask(slot, pass);
    else if (text !== before) slot.write(text);
    if (text === '' && before !== '' && slot.silentWhenEmpty && !slot.last) pass.message.withhold();
  }

  /**
   * Pieces follow their whole text: that of the message, or one that was finished before. Pieces of no known text are
   * looked at together, as words that are still being said; single characters of no known text are removed.
   */
  private redactList({ of, pieces }: PieceList, originals: ReadonlyMap<Slot, string>, pass: Pass): void {
    const [first] = pieces;
    if (first === undefined || this.seesAll(pass.way)) return;
    const texts = pieces.map((piece) => piece.read());
    const unit: PieceUnit = texts.every((text) => text.length <= 2) ? 'character' : 'word';
    const shown =
      this.alignToWhole(of, originals, texts, unit) ??
      this.alignToEarlier(texts, unit, pass.way) ??
      this.alignToThemselves(first, texts, unit, pass.way);
    for (const [index, piece] of pieces.entries()) piece.write(shown[index] ?? '');
  }

  /** Pieces that say their text otherwise (figures in words) cannot follow it: where something went, all of them go. */
  private alignToWhole(
    of: Slot | undefined,
    originals: ReadonlyMap<Slot, string>,
    texts: readonly string[],
    unit: PieceUnit,
  ): readonly string[] | undefined {
    const original = of === undefined ? undefined : originals.get(of);
    if (of === undefined || original === undefined) return undefined;
    const shown = of.read();
    return alignPieces(original, shown, texts, unit) ?? (shown === original ? undefined : removePieces(texts, unit));
  }

  private alignToEarlier(texts: readonly string[], unit: PieceUnit, way: Way): readonly string[] | undefined {
    const earlier = this.redactor.remembered(way, texts.join(unit === 'word' ? ' ' : ''));
    return earlier === undefined ? undefined : alignPieces(earlier[0], earlier[1], texts, unit);
  }

  private alignToThemselves(first: Slot, texts: readonly string[], unit: PieceUnit, way: Way): readonly string[] {
    if (unit === 'character') return removePieces(texts, unit);
    const joined = texts.join(' ');
    return alignPieces(joined, this.redactor.glimpse(first, joined, way), texts, unit) ?? removePieces(texts, unit);
  }

  private seesAll(way: Way): boolean {
    return seesAll(this.context.clearances[way]);
  }

  private isLate(): boolean {
    const { ports, frameStartedAt, limits } = this.context;
    return ports.clock() - frameStartedAt > limits.frameBudgetMs;
  }

  private mask(slot: Slot, pass: Pass): void {
    slot.write(maskedWhole(slot.read()));
    pass.overBudget = true;
    this.context.call.counters.overBudget();
  }
}
