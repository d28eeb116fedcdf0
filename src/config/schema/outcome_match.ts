/** Outcomes of attempts as settings: what is tried again, what counts as a failure, what makes a fallback answer. @module */

import type { z } from "zod";
import { OUTCOME_KINDS, type OutcomeMatch } from "../../upstreams/outcome_set.ts";
import { nearest } from "../../settings/nearest.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { listOf } from "../../settings/shapes.ts";
import { either } from "../../settings/word_list.ts";

const FIRST = 400, LAST = 599;
/** A status, or every status from 500. */
export type StatusMatch = Exclude<OutcomeMatch, (typeof OUTCOME_KINDS)[number]>;

const STATUS_WORDS: readonly Extract<StatusMatch, string>[] = ["5xx"];
const WORDS: readonly Extract<OutcomeMatch, string>[] = [...OUTCOME_KINDS, ...STATUS_WORDS];

/** A kind of failure, a status, or every status from 500. */
export function outcomeMatch(): z.ZodType<OutcomeMatch, unknown> {
  return matchOf<OutcomeMatch>(WORDS);
}

/** A status, or every status from 500, where failures without an answer always count. */
export function statusMatch(): z.ZodType<StatusMatch, unknown> {
  return matchOf<StatusMatch>(STATUS_WORDS);
}

/** A list of outcomes. `empty` is the message for one without entries. */
export function outcomeList(empty: string): z.ZodType<OutcomeMatch[], unknown> {
  return listOf('a list such as ["reset", 503]', outcomeMatch(), empty);
}

/** A list of statuses. `empty` is the message for one without entries. */
export function statusList(empty: string): z.ZodType<StatusMatch[], unknown> {
  return listOf('a list such as [503, "5xx"]', statusMatch(), empty);
}

function matchOf<T extends OutcomeMatch>(words: readonly Extract<T, string>[]): z.ZodType<T | number, unknown> {
  const expected = either([...words.map((word) => JSON.stringify(word)), `a status from ${FIRST} to ${LAST}`]);
  return scalar<T | number>({
    expected,
    json: { anyOf: [{ enum: words }, { type: "integer", minimum: FIRST, maximum: LAST }] },
    parse(value) {
      if (typeof value === "number") {
        return isStatus(value) ? value : new Refusal(`expected a status from ${FIRST} to ${LAST}`);
      }
      const word = words.find((word) => word === value);
      if (word !== undefined || typeof value !== "string") return word;
      if (OUTCOME_KINDS.some((kind) => kind === value)) {
        return new Refusal("failures without an answer always count", "nothing: leave it out");
      }
      return new Refusal(`expected ${expected}`, meant(value, words));
    },
  });
}

function isStatus(value: number): boolean {
  return Number.isInteger(value) && value >= FIRST && value <= LAST;
}

function meant(text: string, words: readonly string[]): string | undefined {
  if (isStatus(Number(text))) return `${Number(text)}, without quotes`;
  if (/^4xx$/i.test(text)) return "single statuses, such as 429";
  const word = nearest(text, words);
  return word === undefined ? undefined : JSON.stringify(word);
}
