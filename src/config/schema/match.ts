/** Conditions of a route on values. @module */

import { z } from "zod";
import { isToken } from "../../http/token.ts";
import { type Match, matchError } from "../../routing/predicate.ts";
import { flag } from "../../settings/flag.ts";
import { listOf, oneOfShapes, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";

const EXPECTED = "a text, { present: true }, { oneOf: [ … ] } or { regex: … }";

const condition = settings(EXPECTED, {
  present: flag().optional().describe("Whether there is a value."),
  oneOf: listOf("a list of texts", anyText()).optional().describe("The values that fit."),
  regex: text({ expected: "a regular expression", read: (source) => source }).optional()
    .describe("A regular expression that matches the whole value."),
}).meta({ minProperties: 1, maxProperties: 1 }).transform((match, context): Match => {
  const { present, oneOf, regex } = match, said = [present, oneOf, regex].filter((part) => part !== undefined);
  if (said.length !== 1) {
    const message = said.length === 0 ? `expected ${EXPECTED}` : "a condition is one of present, oneOf and regex";
    context.issues.push({ code: "custom", input: match, message, params: { remedy: "one of them" } });
    return z.NEVER;
  }
  const parsed = present !== undefined ? { present } : oneOf !== undefined ? { oneOf } : { regex: regex! };
  const error = matchError(parsed);
  if (error === null) return parsed;
  const path = ["regex" in parsed ? "regex" : "oneOf"];
  context.issues.push({ code: "custom", input: match, path, message: error.message, params: { remedy: error.remedy } });
  return z.NEVER;
});

/** What a value must be; a text stands for itself. */
export const matchSchema: z.ZodType<Match, unknown> = oneOfShapes(EXPECTED, [
  anyText().transform((value) => ({ oneOf: [value] })),
  condition,
]).meta({
  id: "Match",
  description:
    "A condition: equal to a text, there or not, one of several, or matched as a whole by a regular expression.",
});

/** Conditions on header fields, their names in lower case. */
export const headerMatchesSchema = z.record(z.string(), matchSchema, { error: byName("header fields") })
  .superRefine((matches, context) => {
    const seen = new Map<string, string>();
    for (const name of Object.keys(matches)) {
      const twin = seen.get(name.toLowerCase());
      const message = !isToken(name)
        ? "this is no name of a header"
        : twin !== undefined
        ? `header names have no case, so ${JSON.stringify(twin)} is the same header`
        : null;
      if (message !== null) context.addIssue({ code: "custom", path: [name], message, params: { onKey: true } });
      seen.set(name.toLowerCase(), name);
    }
  });

/** Conditions on query parameters. */
export const queryMatchesSchema = z.record(z.string(), matchSchema, { error: byName("query parameters") });

/** A text that may be empty. */
function anyText(): z.ZodType<string, unknown> {
  return z.string({ error: "expected a text" }) as z.ZodType<string, unknown>;
}

function byName(what: string): z.core.$ZodErrorMap {
  return (issue) => issue.code === "invalid_type" ? `expected conditions on ${what} by name` : undefined;
}
