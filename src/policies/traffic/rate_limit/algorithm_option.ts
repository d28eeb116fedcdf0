/** The algorithm of a limit as an option. @module */

import type { z } from "zod";
import type { Algorithm } from "../../../core/limit.ts";
import { nearest } from "../../../settings/nearest.ts";
import { Refusal, scalar } from "../../../settings/scalar.ts";
import { either } from "../../../settings/word_list.ts";
import { fixedWindow } from "../algorithms/fixed_window.ts";
import { leakyBucket } from "../algorithms/leaky_bucket.ts";
import { slidingWindow } from "../algorithms/sliding_window.ts";
import { tokenBucket } from "../algorithms/token_bucket.ts";

/** The algorithms that go by a name. */
export const BUILT_IN_ALGORITHMS: readonly Algorithm[] = [tokenBucket, slidingWindow, fixedWindow, leakyBucket];
const NAMES = BUILT_IN_ALGORITHMS.map(({ name }) => name);
const EXPECTED = either(NAMES.map((name) => JSON.stringify(name)));
/** Numbers of an algorithm: memory is reserved for them. */
const MOST_NUMBERS = 16;

/** One by its name, or one that `defineAlgorithm()` made. */
export const algorithmOption: z.ZodType<Algorithm, unknown> = scalar<Algorithm>({
  expected: EXPECTED,
  json: { type: "string", enum: NAMES },
  parse(value) {
    if (typeof value === "object" && value !== null) {
      return isAlgorithm(value) ? value : new Refusal(
        "only a config in TypeScript can have an algorithm of its own",
        "what defineAlgorithm({ … }) returns",
      );
    }
    const known = BUILT_IN_ALGORITHMS.find(({ name }) => name === value);
    if (known !== undefined) return known;
    if (typeof value !== "string") return undefined;
    const meant = nearest(value, NAMES);
    return new Refusal(`expected ${EXPECTED}`, meant === undefined ? undefined : JSON.stringify(meant));
  },
});

function isAlgorithm(value: object): value is Algorithm {
  const { name, size, take, charge, lua, moreAfter } = value as Partial<Record<keyof Algorithm, unknown>>;
  return typeof name === "string" && typeof size === "number" && Number.isInteger(size) && size >= 1 &&
    size <= MOST_NUMBERS && typeof take === "function" &&
    typeof charge === "function" && (lua === undefined || typeof lua === "string") &&
    (moreAfter === undefined || typeof moreAfter === "function");
}
