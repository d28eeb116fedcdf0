/** Durations and sizes as people write them. @module */

/** `"250ms"`, `"1.5s"`, `"1m"`, `"2h"`, `"1d"`. No sign, no space, no exponent. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

/** `"512B"`, `"64KiB"`, `"2MiB"`, `"1GiB"`. No sign, no space, no exponent. */
export type Size = `${number}${"B" | "KiB" | "MiB" | "GiB"}`;

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const MILLISECONDS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZE = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)$/;
const BYTES: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Milliseconds, or `undefined` when the text is no duration. Fractions of a millisecond are kept. */
export function parseDuration(text: string): number | undefined {
  return parse(text, DURATION, MILLISECONDS);
}

/** Whole bytes, or `undefined` when the text is no size. */
export function parseSize(text: string): number | undefined {
  const bytes = parse(text, SIZE, BYTES);
  return bytes === undefined ? undefined : Math.floor(bytes);
}

/** The shortest exact text for this many milliseconds: 90000 → `"90s"`, 120000 → `"2m"`. */
export function formatDuration(ms: number): Duration {
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (ms >= MILLISECONDS[unit] && ms % MILLISECONDS[unit] === 0) return `${ms / MILLISECONDS[unit]}${unit}`;
  }
  return `${ms}ms`;
}

function parse(text: string, pattern: RegExp, units: Record<string, number>): number | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : Number(match[1]) * units[match[2]];
}
