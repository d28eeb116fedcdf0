/** What is fuzzed. @module */

import type { Input } from "./generate/input.ts";
import type { Xorshift } from "./generate/xorshift.ts";

/** One part of the gateway that reads what others wrote. */
export interface Subject {
  readonly id: string;
  /** The next input. */
  generate(random: Xorshift): Input;
  /**
   * Feeds the input to the part.
   * @returns what is wrong with what came of it, or `null`. What it throws is a fault too.
   */
  check(input: Input, random: Xorshift): string | null | Promise<string | null>;
}
