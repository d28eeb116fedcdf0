/** Durations as settings. @module */

import type { z } from "zod";
import { formatDuration, parseDuration } from "../core/units.ts";
import { Refusal, scalar } from "./scalar.ts";

/** Milliseconds. Timers hold at most 2³¹ − 1, which is a little more. */
const LONGEST = 24 * 86_400_000;

const EXPECTED = 'a duration such as "250ms" or "5s"';

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/, "ms"],
  [/^(?:s|secs?|seconds?)$/, "s"],
  [/^(?:m|mins?|minutes?)$/, "m"],
  [/^(?:h|hrs?|hours?)$/, "h"],
  [/^(?:d|days?)$/, "d"],
];

/** Which durations are taken. */
export interface DurationBounds {
  /** Whether `"0s"` is one; for a limit on waiting it is not. */
  readonly zero: boolean;
  /** Milliseconds. @default none but `zero` */
  readonly least?: number;
  /** Milliseconds. @default 24 days */
  readonly most?: number;
}

/** A duration, as milliseconds. */
export function duration(bounds: DurationBounds): z.ZodType<number, unknown> {
  const read = durationReader(bounds);
  return scalar<number>({
    expected: EXPECTED,
    json: { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$" },
    parse: (value) => typeof value === "string" ? read(value) : undefined,
    remedy(value) {
      const texts = typeof value === "number" ? [`${value}ms`, `${value}s`] : [];
      const right = texts.filter((text) => typeof read(text) === "number");
      return right.length === 0 ? undefined : right.map((text) => `"${text}"`).join(" or ");
    },
  });
}

/** What reads texts of which some are durations. */
export function durationReader(
  { zero, least = 0, most = LONGEST }: DurationBounds,
): (text: string) => number | Refusal {
  return (text) => {
    const ms = parseDuration(text);
    if (ms === undefined) return new Refusal(`expected ${EXPECTED}`, meant(text));
    if (ms === 0 && !zero) return new Refusal("expected a duration longer than 0");
    if (ms < least) return outside("at least", least);
    return ms > most ? outside("at most", most) : ms;
  };
}

function outside(side: "at least" | "at most", bound: number): Refusal {
  return new Refusal(`expected a duration of ${side} ${formatDuration(bound)}`, `"${formatDuration(bound)}"`);
}

/** What a text that is no duration was probably meant to be. */
function meant(text: string): string | undefined {
  const parts = /^\s*[-+]?\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  if (parts === null) return undefined;
  if (parts[2] === "") return `"${parts[1]}ms" or "${parts[1]}s"`;
  const unit = UNITS.find(([names]) => names.test(parts[2].toLowerCase()));
  return unit === undefined ? undefined : `"${parts[1]}${unit[1]}"`;
}
