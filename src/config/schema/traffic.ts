/** Targets beside, or in place of, one upstream. @module */

import { z } from "zod";
import {
  formatHeaderCondition,
  type HeaderCondition,
  parseHeaderCondition,
} from "../../policies/traffic/header_condition.ts";
import { splitKey } from "./key_text.ts";
import { shareAboveZero, weightFrom, wholeNumber } from "../../settings/number_between.ts";
import { statusList } from "./outcome_match.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, oneOrMore, report, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import { respondSchema, upstreamTargetSchema } from "./target.ts";
import { text } from "../../settings/text.ts";

const UPSTREAM = "An upstream's name, or the URL of one of its own.";

const forced = text<HeaderCondition>({
  expected: 'a header such as "header:x-canary" or "header:x-canary=1"',
  json: { pattern: "^header:[!#$%&'*+.^_`|~0-9A-Za-z-]+(=.+)?$" },
  read(condition) {
    const read = parseHeaderCondition(condition);
    if (read !== undefined) return read;
    const [header, ...value] = condition.split("="), any = parseHeaderCondition(header);
    if (any !== undefined) {
      const message = value.join() === "" ? "there is no value after =" : "no header can have this value";
      return new Refusal(message, `"${formatHeaderCondition(any)}" for any value`);
    }
    const meant = parseHeaderCondition(`header:${condition}`);
    const remedy = meant === undefined ? '"header:x-canary=1"' : JSON.stringify(formatHeaderCondition(meant));
    return new Refusal('a branch is forced by a header: "header:name", or "header:name=value"', remedy);
  },
});

const branch = settings('a branch such as { upstream: "next", weight: 5 }', {
  upstream: upstreamTargetSchema.describe(UPSTREAM),
  weight: weightFrom(0).describe("Share of the requests, against the other branches' weights."),
  when: forced.optional()
    .describe(
      "Sends every request with this header, or with this value of it, here: header:name or header:name=value.",
    ),
});

/** Requests shared out among upstreams. */
export const splitSchema = settings('settings such as { to: [{ upstream: "next", weight: 5 }, … ] }', {
  to: listOf("a list of branches", branch, "a split has at least one branch").superRefine((branches, context) => {
    const refuse = (path: (string | number)[], message: string, remedy: string) =>
      context.addIssue({ code: "custom", path, message, params: { remedy } });
    if (branches.length > 0 && branches.every(({ weight }) => weight === 0)) {
      refuse(
        [],
        "no branch has a weight above 0, so most requests would go nowhere",
        "a weight of 1 or more on a branch",
      );
    } else {
      branches.forEach(({ weight, when }, i) => {
        if (weight > 0 || when !== undefined) return;
        refuse([i, "weight"], "no request would take this branch", "1 or more, or when");
      });
    }
    branches.forEach(({ when }, i) => {
      const wider = when === undefined ? -1 : branches.slice(0, i).findIndex((other) => includes(other.when, when));
      if (wider < 0) return;
      refuse(
        [i, "when"],
        `to[${wider}] takes every request that this would`,
        "another condition, or the narrower one first",
      );
    });
  }).describe("The upstreams with their shares."),
  stickyBy: oneOrMore('a key such as "cookie:uid"', splitKey(), "at least one key is needed").optional()
    .describe(
      "The key, or the first of several that is present, whose value decides. Default: every request by chance.",
    ),
});

/** Whether what fulfils `narrow` fulfils `wide` too. */
function includes(wide: HeaderCondition | undefined, narrow: HeaderCondition): boolean {
  return wide?.header === narrow.header && (wide.value === null || wide.value === narrow.value);
}

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
  on: statusList("leave it out where no status counts").optional()
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
