/** Durations and sizes as people write them. @module */

/** `"250ms"`, `"1.5s"`, `"1m"`, `"2h"`, `"1d"`. No sign, no space, no exponent. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

/**
 * A number of bytes, or `"240B"`, `"500KB"`, `"10MB"`, `"1GB"` (by the thousand: SI), `"32KiB"`, `"1.5MiB"`, `"1GiB"` (by
 * 1024: IEC 80000-13). The number is whole; texts have no sign, no space and no exponent, and units no other case. What a
 * fraction leaves of a byte is dropped.
 */
export type Size = number | `${number}${"B" | "KB" | "MB" | "GB" | "KiB" | "MiB" | "GiB"}`;

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const MILLISECONDS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZE = /^(\d+(?:\.\d+)?)([KMG]?B|[KMG]iB)$/;
const BYTES: Record<string, number> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Milliseconds, or `undefined` when the text is no duration. Fractions of a millisecond are kept. */
export function parseDuration(text: string): number | undefined {
  return parse(text, DURATION, MILLISECONDS);
}

/** Whole bytes, or `undefined` when the text is no {@link Size}. */
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

/** An exact text for this many bytes: 32768 → `"32KiB"`, 500000 → `"500KB"`, 240 → `"240B"`. */
export function formatSize(bytes: number): Exclude<Size, number> {
  for (const unit of ["GiB", "GB", "MiB", "MB", "KiB", "KB"] as const) {
    if (bytes >= BYTES[unit] && bytes % BYTES[unit] === 0) return `${bytes / BYTES[unit]}${unit}`;
  }
  return `${bytes}B`;
}

function parse(text: string, pattern: RegExp, units: Record<string, number>): number | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : Number(match[1]) * units[match[2]];
}
