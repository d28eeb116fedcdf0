/** Sizes as settings. @module */

import type { z } from "zod";
import { formatSize, parseSize } from "../core/units.ts";
import { Refusal, scalar } from "./scalar.ts";

const EXPECTED = 'a number of bytes, or a size such as "32KiB" or "10MB"';

/** Units by how people write them. A lone `K` says nothing of 1000 or 1024. */
const UNITS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:b|bytes?)$/, ["B"]],
  [/^ki?bytes?$|^kib?$/, ["KiB"]],
  [/^kb$/, ["KB"]],
  [/^k$/, ["KiB", "KB"]],
  [/^mib?$/, ["MiB"]],
  [/^mb$/, ["MB"]],
  [/^m$/, ["MiB", "MB"]],
  [/^gib?$/, ["GiB"]],
  [/^gb$/, ["GB"]],
  [/^g$/, ["GiB", "GB"]],
];

/** A size from `min` to `max` bytes, both included, as bytes. */
export function size(min: number, max: number): z.ZodType<number, unknown> {
  const [least, most] = [min, max].map(formatSize);
  const bounded = (bytes: number): number | Refusal =>
    bytes >= min && bytes <= max
      ? bytes
      : new Refusal(`expected a size from ${least} to ${most}`, `"${bytes < min ? least : most}"`);
  return scalar<number>({
    expected: EXPECTED,
    json: {
      anyOf: [
        { type: "integer", minimum: min, maximum: max },
        { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?([KMG]?B|[KMG]iB)$" },
      ],
    },
    parse(value) {
      if (Number.isSafeInteger(value)) return bounded(value as number);
      if (typeof value === "number") return new Refusal("expected a whole number of bytes");
      if (typeof value !== "string") return undefined;
      const bytes = parseSize(value);
      return bytes === undefined ? new Refusal(`expected ${EXPECTED}`, meant(value)) : bounded(bytes);
    },
  });
}

/** What a text that is no size was probably meant to be. */
function meant(text: string): string | undefined {
  const parts = /^\s*[-+]?\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  if (parts === null) return undefined;
  const [, number, written] = parts;
  if (written === "") return number.includes(".") ? undefined : `${number}, without quotes, or "${number}B"`;
  const units = UNITS.find(([names]) => names.test(written.toLowerCase()))?.[1];
  return units?.map((unit) => `"${number}${unit}"`).join(" or ");
}
