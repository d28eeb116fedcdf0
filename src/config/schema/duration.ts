/** Durations as settings. @module */

import type { z } from "zod";
import { parseDuration } from "../../core/units.ts";
import { Refusal, scalar } from "./scalar.ts";

/** Timers hold at most 2³¹ − 1 ms, which is a little more. */
const LONGEST = "24d";
const LONGEST_MS = 24 * 86_400_000;

const EXPECTED = 'a duration such as "250ms" or "5s"';

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/, "ms"],
  [/^(?:s|secs?|seconds?)$/, "s"],
  [/^(?:m|mins?|minutes?)$/, "m"],
  [/^(?:h|hrs?|hours?)$/, "h"],
  [/^(?:d|days?)$/, "d"],
];

/** A duration, as milliseconds. `zero`: whether `"0s"` is one; for a limit on waiting it is not. */
export function duration({ zero }: { readonly zero: boolean }): z.ZodType<number, unknown> {
  const read = (text: string): number | Refusal => {
    const ms = parseDuration(text);
    if (ms === undefined) return new Refusal(`expected ${EXPECTED}`, meant(text));
    if (ms === 0 && !zero) return new Refusal("expected a duration longer than 0");
    return ms > LONGEST_MS ? new Refusal(`expected a duration of at most ${LONGEST}`, `"${LONGEST}"`) : ms;
  };
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

/** What a text that is no duration was probably meant to be. */
function meant(text: string): string | undefined {
  const parts = /^\s*[-+]?\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  if (parts === null) return undefined;
  if (parts[2] === "") return `"${parts[1]}ms" or "${parts[1]}s"`;
  const unit = UNITS.find(([names]) => names.test(parts[2].toLowerCase()));
  return unit === undefined ? undefined : `"${parts[1]}${unit[1]}"`;
}
