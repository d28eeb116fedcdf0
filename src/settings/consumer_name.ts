/** Names of consumers as settings. @module */

import type { z } from "zod";
import { Refusal } from "./scalar.ts";
import { text } from "./text.ts";

/** What a consumer may be called: logs, metrics and the ids of its policies have the name in them. */
export const CONSUMER_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** What is wrong with other names. */
export const CONSUMER_NAME_ERROR =
  "a consumer's name is up to 64 letters, digits, dots, dashes, underscores and @, and begins with a letter or digit";

/** The name of a consumer. */
export function consumerName(): z.ZodType<string, unknown> {
  return text<string>({
    expected: "the name of a consumer",
    read: (name) => CONSUMER_NAME.test(name) ? name : new Refusal(CONSUMER_NAME_ERROR, '"acme"'),
  });
}
