import { bounds } from '../limits.ts';

/** Digits of the caller's keypad until they make a whole: `#` or a pause ends them. */
export class Keypad {
  private digits = '';
  private typedAt = 0;

  /** The whole, where this digit ends it. */
  type(digit: string, now: number): string | undefined {
    this.digits = `${this.digits}${digit}`.slice(0, bounds.keypadDigits);
    this.typedAt = now;
    return digit === '#' ? this.take() : undefined;
  }

  /** The whole, where the pause has been long enough. */
  rest(now: number): string | undefined {
    return this.digits !== '' && now - this.typedAt > bounds.keypadMs ? this.take() : undefined;
  }

  private take(): string {
    const taken = this.digits;
    this.digits = '';
    return taken;
  }
}
