/** Which traces are recorded. @module */

/** Of a trace's id, the last 56 bits are random (W3C Trace Context level 2, §3.3.1.1): digits of them, and where they begin. */
const DIGITS = 14, BEGIN = 32 - DIGITS;

/**
 * A share of all traces, by their ids: whoever asks for the same share, or a larger one, has the same traces in it, so that
 * traces are whole wherever they were recorded.
 */
export class Share {
  /** What the digits of an id are compared with: it is in the share from here on. */
  readonly #from: string;
  readonly #none: boolean;

  /** @param share 0–1 */
  constructor(share: number) {
    const from = BigInt(Math.round((1 - share) * 16 ** DIGITS)).toString(16);
    this.#none = from.length > DIGITS;
    this.#from = from.padStart(DIGITS, "0");
  }

  /** @param traceId 32 hexadecimal digits in lower case */
  has(traceId: string): boolean {
    if (this.#none) return false;
    // Digits in lower case are in the order of their codes; the first few decide.
    for (let i = 0; i < DIGITS; i++) {
      const digit = traceId.charCodeAt(BEGIN + i), from = this.#from.charCodeAt(i);
      if (digit !== from) return digit > from;
    }
    return true;
  }
}
