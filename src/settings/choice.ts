/** One word, or number, of a few. @module */

import type { z } from "zod";
import { nearest } from "./nearest.ts";
import { Refusal, scalar } from "./scalar.ts";
import { either } from "./word_list.ts";

/** Exactly one of `values`. */
export function choice<const V extends string | number>(values: readonly V[]): z.ZodType<V, unknown> {
  const expected = either(values.map((value) => JSON.stringify(value)));
  const words = values.map(String), kept = (word: string) => values[words.indexOf(word)];
  return scalar<V>({
    expected,
    json: { type: typeof values[0] === "string" ? "string" : "integer", enum: values },
    parse(value) {
      if (values.includes(value as V)) return value as V;
      if (typeof value !== "string" && typeof value !== "number") return undefined;
      const meant = typeof value === "string" ? nearest(value, words) : undefined;
      return new Refusal(`expected ${expected}`, meant === undefined ? undefined : JSON.stringify(kept(meant)));
    },
  });
}
