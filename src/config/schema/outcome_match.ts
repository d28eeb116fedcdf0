/** Outcomes of attempts as settings: what is tried again, what counts as a failure, what makes a fallback answer. @module */

import type { z } from "zod";
import { OUTCOME_KINDS, type OutcomeMatch } from "../../upstreams/outcome_set.ts";
import { nearest } from "../suggest.ts";
import { Refusal, scalar } from "./scalar.ts";
import { listOf } from "./settings.ts";
import { either } from "./word_list.ts";

const FIRST = 400, LAST = 599;
const WORDS: readonly Extract<OutcomeMatch, string>[] = [...OUTCOME_KINDS, "5xx"];
const EXPECTED = either([...WORDS.map((word) => JSON.stringify(word)), `a status from ${FIRST} to ${LAST}`]);

/** A kind of failure, a status, or every status from 500. */
export function outcomeMatch(): z.ZodType<OutcomeMatch, unknown> {
  const isStatus = (value: number) => Number.isInteger(value) && value >= FIRST && value <= LAST;
  return scalar<OutcomeMatch>({
    expected: EXPECTED,
    json: { anyOf: [{ enum: WORDS }, { type: "integer", minimum: FIRST, maximum: LAST }] },
    parse(value) {
      if (typeof value === "number") {
        return isStatus(value) ? value : new Refusal(`expected a status from ${FIRST} to ${LAST}`);
      }
      const word = WORDS.find((word) => word === value);
      if (word !== undefined || typeof value !== "string") return word;
      return new Refusal(`expected ${EXPECTED}`, meant(value, isStatus));
    },
  });
}

/** A list of outcomes. `empty` is the message for one without entries. */
export function outcomeList(empty: string): z.ZodType<OutcomeMatch[], unknown> {
  return listOf('a list such as ["reset", 503]', outcomeMatch(), empty);
}

function meant(text: string, isStatus: (value: number) => boolean): string | undefined {
  if (isStatus(Number(text))) return `${Number(text)}, without quotes`;
  if (/^4xx$/i.test(text)) return "single statuses, such as 429";
  const word = nearest(text, WORDS);
  return word === undefined ? undefined : JSON.stringify(word);
}
