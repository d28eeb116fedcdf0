/** What `rateLimit` accepts, with its defaults filled in. @module */

import { z } from "zod";
import { isInBody } from "../../core/key.ts";
import { formatDuration } from "../../core/units.ts";
import { CidrSet, isCidrError } from "../../http/cidr.ts";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { functionOption } from "../../settings/function_option.ts";
import { anyKeyWhere, keyWhere } from "../../settings/key_text.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";
import type { Context } from "../context.ts";
import { keySpec } from "../keys/key_spec.ts";
import { tokenBucket } from "./algorithms/token_bucket.ts";
import { algorithmOption } from "./rate_limit/algorithm_option.ts";
import { limitMisfits, type ParsedLimit } from "./rate_limit/limit_misfits.ts";
import type { LimitPlan, RateLimitPlan } from "./rate_limit/rate_limit_plan.ts";

/** Units: what a counter holds, and more than anybody's limit. */
const MOST = 1_000_000_000;
/** A quota for a year is the longest that makes sense. */
const LONGEST_PER = 366 * 86_400_000;
const LONGEST_WAIT = 3_600_000;
/** Some gigabytes. */
const MOST_KEYS = 100_000_000;
const DEFAULT_KEYS = 1_000_000;

const count = wholeNumber(1, MOST);

const tiers = settings('settings such as { by: "jwt:tier", is: { free: 10, pro: 1000 } }', {
  by: keyWhere(() => null).describe("The key whose value chooses the limit."),
  is: z.record(z.string(), count, { error: () => "expected limits by value, such as { free: 10, pro: 1000 }" })
    .refine((is) => Object.keys(is).length > 0, { error: "at least one value is needed" })
    .describe("The limit for each value."),
  otherwise: count.optional().describe("The limit for other values, and for none. Default: the least of the limits."),
}).transform(({ by, is, otherwise }) => ({ by, is, otherwise: otherwise ?? Math.min(...Object.values(is)) }));

const limitName = text<string>({
  expected: "a name",
  read: (name) =>
    /^[\x21\x23-\x5b\x5d-\x7e][\x20\x21\x23-\x5b\x5d-\x7e]{0,63}$/.test(name)
      ? name
      : new Refusal("a name has up to 64 plain characters, without quotes and backslashes", '"burst"'),
});

const LIMIT = {
  name: limitName.optional().describe(
    'In RateLimit fields and logs. Default: made of the limit, such as "100-per-1m".',
  ),
  algorithm: algorithmOption.prefault("token-bucket").describe("How it is counted."),
  limit: oneOfShapes("a whole number of at least 1, or { by, is }", [count, tiers])
    .describe("Requests, or units of cost, in each per; or one number for each value of a key."),
  per: duration({ zero: false, least: 1, most: LONGEST_PER }).describe("The time in which limit comes back."),
  burst: count.optional()
    .describe("Of a token bucket: how many may come at once. Default: limit."),
  maxDelay: duration({ zero: false, least: 1, most: LONGEST_WAIT }).optional()
    .describe("Of a leaky bucket: how long a request may be held."),
  key: keySpec().optional().describe("What is counted by: a key, or the first of several that is present."),
};

const oneLimit = settings('a limit such as { limit: 10, per: "1s" }', LIMIT);

const cost = oneOfShapes("a whole number, or a function", [
  wholeNumber(1, MOST),
  functionOption<(ctx: Context) => number>(),
]);

const headerName = text<string>({
  expected: 'the name of a header, such as "x-tokens-used"',
  read: (name) => isToken(name) ? name.toLowerCase() : new Refusal("this is no name of a header", '"x-tokens-used"'),
});

const exempt = z.record(
  anyKeyWhere((key) =>
    isInBody(key)
      ? new Refusal(`${key} is in the request's body: exempt requests are not read`, '"ip" or "header:…"')
      : key.startsWith("ip/")
      ? new Refusal("blocks of addresses are written among the values", '"ip"')
      : null
  ),
  listOf("a list of values", plainText("a value"), "at least one value is needed"),
  { error: () => 'expected values by key, such as { ip: ["10.0.0.0/8"] }' },
).superRefine((values, context) => {
  const blocks = CidrSet.parse(values.ip ?? []);
  if (!isCidrError(blocks)) return;
  report(
    context,
    values,
    blocks.issues.map(({ index, error, remedy }) => ({
      path: ["ip", index],
      message: error,
      remedy,
    })),
  );
});

/** Schema of the options of `rateLimit`. Custom issues carry `params.remedy`. */
export const rateLimitSchema: z.ZodType<RateLimitPlan, unknown> = settings(
  'a limit such as { limit: 100, per: "1m" }',
  {
    id: limitName.optional().describe(
      "Names the counts: policies of one id count together. Default: made of the route.",
    ),
    ...LIMIT,
    algorithm: algorithmOption.optional().describe('How it is counted. Default: "token-bucket".'),
    limit: LIMIT.limit.optional().describe(LIMIT.limit.description!),
    per: LIMIT.per.optional().describe(LIMIT.per.description!),
    limits: listOf("a list of limits", oneLimit, "at least one limit is needed").optional()
      .describe("Several limits that are decided together: none is charged when another refuses."),
    cost: cost.prefault(1).describe("What a request costs."),
    costHeader: headerName.optional()
      .describe("A response header that says what the request did cost: the difference is charged, or given back."),
    exempt: exempt.optional().describe('Requests that are not counted: { ip: ["10.0.0.0/8"], consumer: ["batch"] }.'),
    headers: choice(["ietf", "legacy", "both", "none"]).prefault("ietf")
      .describe("Response headers: RateLimit and RateLimit-Policy, X-RateLimit-*, both, or none."),
    dryRun: flag().prefault(false).describe("Counts and logs, and refuses nothing."),
    store: plainText("the name of a store").optional().describe("Where it is counted. Default: the default store."),
    onStoreError: choice(["local", "allow", "deny"]).prefault("local")
      .describe("While the store is away: count in this process, let pass, or refuse."),
    maxKeys: wholeNumber(1, MOST_KEYS).prefault(DEFAULT_KEYS)
      .describe("Keys that are remembered at least, where memory is this process's own."),
  },
).meta({ anyOf: [{ required: ["limit", "per"] }, { required: ["limits"] }] }).transform((options, context) => {
  const { id, limits, key, cost, costHeader, exempt, headers, dryRun, store, onStoreError, maxKeys } = options;
  const misfits = limitMisfits(options);
  report(context, options, misfits);
  if (misfits.length > 0) return z.NEVER;
  const plans = (limits ?? [options]).map((limit): LimitPlan => ({
    name: limit.name ?? nameOf(limit),
    algorithm: limit.algorithm ?? tokenBucket,
    limit: limit.limit!,
    per: limit.per!,
    burst: limit.burst,
    maxDelay: limit.maxDelay ?? 0,
    key: limit.key ?? key ?? ["ip"],
  }));
  return {
    id,
    limits: withUniqueNames(plans),
    cost,
    costHeader: costHeader ?? null,
    exempt: Object.entries(exempt ?? {}).map(([key, values]) => ({ key, values })),
    headers,
    dryRun,
    store,
    onStoreError,
    maxKeys,
  };
});

function nameOf({ limit, per }: ParsedLimit): string {
  const within = `per-${formatDuration(per!)}`;
  return typeof limit === "number" ? `${limit}-${within}` : within;
}

/** The limits under names that tell them apart. */
function withUniqueNames(plans: readonly LimitPlan[]): LimitPlan[] {
  const taken = new Set<string>();
  return plans.map((plan) => {
    let name = plan.name;
    for (let count = 2; taken.has(name); count++) name = `${plan.name}-${count}`;
    taken.add(name);
    return { ...plan, name };
  });
}
