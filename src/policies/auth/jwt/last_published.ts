/** What an issuer has published last. @module */

/** It outlives the settings by which it was fetched: who changes them while the issuer is away keeps the last good keys. */
export class LastPublished {
  /** As they came; `null`: nothing yet. */
  keys: readonly unknown[] | null = null;
  /** When they came, in the clock's milliseconds. */
  at = -Infinity;
}
