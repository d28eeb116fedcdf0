/** What `cors` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, type Misfit, oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { originsOption } from "./origin_option.ts";
import { isAnyOrigin, type OriginsPlan } from "./origin_rule.ts";
import { takesAnybody } from "./origin_warnings.ts";

/** Milliseconds; no browser remembers longer. */
const LONGEST_AGE = 86_400_000;

/** The options as they are checked: durations in milliseconds, header names in lower case. */
export interface CorsPlan {
  readonly origins: OriginsPlan;
  readonly credentials: boolean;
  /** Absent: the one that is asked for. */
  readonly methods?: readonly string[];
  /** Absent: those that are asked for. */
  readonly headers?: readonly string[];
  readonly expose: readonly string[];
  readonly maxAge?: number;
  readonly privateNetwork: boolean;
  readonly webSockets: "check" | "pass";
}

const method = text<string>({
  expected: 'a method such as "PUT"',
  read(method) {
    if (method === "*") return new Refusal("every method is allowed where none is listed", "nothing: leave it out");
    if (!isToken(method)) return new Refusal(`"${method}" is no method`, '"PUT"');
    return method === method.toUpperCase()
      ? method
      : new Refusal("methods are written in upper case", `"${method.toUpperCase()}"`);
  },
});

const header = text<string>({
  expected: 'the name of a header, such as "x-request-id"',
  read(name) {
    if (name === "*") return new Refusal("every header is allowed where none is listed", "nothing: leave it out");
    return isToken(name) ? name.toLowerCase() : new Refusal(`"${name}" is no name of a header`, '"x-request-id"');
  },
});

const exposed = text<string>({
  expected: 'the name of a header, such as "x-total-count"',
  read: (name) =>
    isToken(name) ? name.toLowerCase() : new Refusal(`"${name}" is no name of a header`, '"x-total-count"'),
});

const all = text<string[]>({
  expected: '"*"',
  read: (value) => value === "*" ? ["*"] : new Refusal('expected "*", or a list of names', `["${value}"]`),
});

/** Schema of the options of `cors`. */
export const corsSchema: z.ZodType<CorsPlan, unknown> = settings(
  'settings such as { origins: "https://app.example.com" }',
  {
    origins: originsOption(true).describe(
      'Who may ask: origins, all sub-domains ("https://*.example.com"), expressions ({ regex }), or "*".',
    ),
    credentials: flag().prefault(false).describe("Whether pages may ask with the user's cookies and certificates."),
    methods: listOf("a list of methods", method, "at least one method is needed").optional()
      .describe("Methods that pages may use. Default: whatever the route takes."),
    headers: listOf("a list of header names", header, "at least one name is needed").optional()
      .describe("Headers that pages may send. Default: those that they ask for."),
    expose: oneOfShapes('a list of header names, or "*"', [all, listOf("a list of header names", exposed)])
      .prefault([]).describe("Response headers that pages may read, beside the few that they always may."),
    maxAge: duration({ zero: true, most: LONGEST_AGE }).optional()
      .describe("How long browsers remember the answer to a preflight. Default: what they choose, mostly 5s."),
    privateNetwork: flag().prefault(false)
      .describe("Whether pages of public sites may ask a gateway in a private network."),
    webSockets: choice(["check", "pass"]).prefault("check")
      .describe("Whether WebSocket handshakes of other origins are refused."),
  },
).superRefine((plan, context) => report(context, plan, misfits(plan)));

function misfits({ origins, credentials, expose }: CorsPlan): Misfit[] {
  const found: Misfit[] = [];
  if (expose.includes("*") && expose.length > 1) {
    found.push({
      path: ["expose"],
      message: '"*" is every header: the others beside it change nothing',
      remedy: '"*"',
    });
  }
  if (!credentials) return found;
  if (isAnyOrigin(origins)) {
    const message = 'credentials are never for origins "*": every page could act in the name of its visitor';
    found.push({ path: ["credentials"], message, remedy: "origins that are named, or no credentials" });
  } else if (typeof origins !== "function" && origins.some(takesAnybody)) {
    const message = "this expression is true of every origin: every page could act in the name of its visitor";
    found.push({ path: ["origins"], message, remedy: "an expression with your domain, or no credentials" });
  }
  if (expose.includes("*")) {
    const message = 'with credentials, browsers take "*" for a header of that name';
    found.push({ path: ["expose"], message, remedy: "the names of the headers" });
  }
  return found;
}
