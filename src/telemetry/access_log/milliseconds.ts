/** Durations as log lines print them. @module */

/** `.000` to `.999`: printing a fraction of a number costs more than looking it up. */
const FRACTIONS: readonly string[] = Array.from({ length: 1000 }, (_, i) => "." + String(i).padStart(3, "0"));

/** Milliseconds with three decimals: `1.230`. */
export function threeDecimals(ms: number): string {
  const thousandths = Math.round(ms * 1000), whole = Math.floor(thousandths / 1000);
  return whole + FRACTIONS[thousandths - whole * 1000];
}
