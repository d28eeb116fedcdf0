/** Targets beside, or in place of, one upstream. @module */

import { z } from "zod";
import { isToken } from "../../http/token.ts";
import type { BranchPlan } from "../../upstreams/traffic_plan.ts";
import { splitKey } from "./key_text.ts";
import { shareAboveZero, wholeNumber } from "./number_between.ts";
import { outcomeList } from "./outcome_match.ts";
import { Refusal } from "./scalar.ts";
import { listOf, oneOrMore, report, settings } from "./settings.ts";
import { size } from "./size.ts";
import { respondSchema, upstreamTargetSchema } from "./target.ts";
import { text } from "./text.ts";

const UPSTREAM = "An upstream's name, or the URL of one of its own.";

const forced = text<NonNullable<BranchPlan["when"]>>({
  expected: 'a header such as "header:x-canary" or "header:x-canary=1"',
  json: { pattern: "^header:[!#$%&'*+.^_`|~0-9A-Za-z-]+(=.+)?$" },
  read(condition) {
    const [, name, value] = /^header:([^=]*)(?:=(.*))?$/s.exec(condition) ?? [];
    if (name === undefined || !isToken(name)) {
      const meant = isToken(condition.split("=")[0]) ? `"header:${condition}"` : '"header:x-canary=1"';
      return new Refusal('a branch is forced by a header: "header:name", or "header:name=value"', meant);
    }
    if (value === "") return new Refusal("there is no value after =", `"header:${name}" for any value`);
    return { header: name.toLowerCase(), value: value ?? null };
  },
});

const branch = settings('a branch such as { upstream: "next", weight: 5 }', {
  upstream: upstreamTargetSchema.describe(UPSTREAM),
  weight: wholeNumber(0, 1000).describe("Share of the requests, against the other branches' weights."),
  when: forced.optional()
    .describe(
      "Sends every request with this header, or with this value of it, here: header:name or header:name=value.",
    ),
});

/** Requests shared out among upstreams. */
export const splitSchema = settings('settings such as { to: [{ upstream: "next", weight: 5 }, … ] }', {
  to: listOf("a list of branches", branch, "a split has at least one branch").superRefine((branches, context) => {
    if (branches.length === 0 || branches.some(({ weight }) => weight > 0)) return;
    const message = "no branch has a weight above 0, so most requests would go nowhere";
    context.addIssue({ code: "custom", message, params: { remedy: "a weight of 1 or more on a branch" } });
  }).describe("The upstreams with their shares."),
  stickyBy: oneOrMore('a key such as "cookie:uid"', splitKey(), "at least one key is needed").optional()
    .describe(
      "The key, or the first of several that is present, whose value decides. Default: every request by chance.",
    ),
});

/** Copies of requests. */
export const mirrorSchema = settings('settings such as { upstream: "shadow", share: 0.1 }', {
  upstream: upstreamTargetSchema.describe(UPSTREAM),
  share: shareAboveZero().prefault(1).describe("Share of the requests that is copied."),
  maxInFlight: wholeNumber(1, Number.MAX_SAFE_INTEGER).prefault(64).describe("Most copies under way."),
  buffer: size(0, 16 * 2 ** 20).prefault("64KiB").describe("Longest body of a request that is copied."),
});

/** What answers when the target is out. */
export const fallbackSchema = settings('settings such as { upstream: "other" } or { respond: { … } }', {
  upstream: upstreamTargetSchema.optional().describe(UPSTREAM),
  respond: respondSchema.optional().describe("A fixed answer."),
  on: outcomeList("leave it out where no status counts").optional()
    .describe("Statuses that count as out too; failures without an answer always do. Default: none."),
}).meta({ oneOf: [{ required: ["upstream"] }, { required: ["respond"] }] }).transform((written, context) => {
  const { upstream, respond, on = [] } = written;
  const target = upstream ?? respond;
  if (target === undefined) {
    report(context, written, [{
      path: [],
      message: "a fallback has an upstream or an answer",
      remedy: "upstream, or respond",
    }]);
    return z.NEVER;
  }
  if (upstream !== undefined && respond !== undefined) {
    const message = "a fallback has one target; this one has upstream too";
    report(context, written, [{ path: ["respond"], message, remedy: "upstream or respond", onKey: true }]);
  }
  return { upstream, respond, on };
});
