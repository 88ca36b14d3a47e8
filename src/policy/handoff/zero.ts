/**
 * Every menu has taught callers that 0 brings a person. It does so alone, also pressed again and again; a zero inside a
 * number is a digit. Times are milliseconds of one clock.
 */
export class ZeroKey {
  private readonly pauseMs: number;
  private digits = '';
  private pressedAt = 0;

  /** After a pause of so long, what was typed is a whole. */
  constructor(pauseMs: number) {
    this.pauseMs = pauseMs;
  }

  /** True: a person is asked for. */
  press(digit: string, now: number): boolean {
    if (now - this.pressedAt > this.pauseMs) this.digits = '';
    this.digits += digit;
    this.pressedAt = now;
    if (/^0+#$/u.test(this.digits)) return true;
    if (!/^0+$/u.test(this.digits)) this.digits = 'x';
    return false;
  }

  /** The same, when nothing has followed. */
  rest(now: number): boolean {
    return this.digits.startsWith('0') && now - this.pressedAt > this.pauseMs;
  }
}
