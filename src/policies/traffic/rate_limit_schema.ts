/** What `rateLimit` accepts, with its defaults filled in. @module */

import { z } from "zod";
import { isInBody } from "../../core/key.ts";
import type { Algorithm } from "../../core/limit.ts";
import { formatDuration } from "../../core/units.ts";
import { CidrSet, isCidrError } from "../../http/cidr.ts";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { anyKeyWhere, keyWhere } from "../../settings/key_text.ts";
import { nearest } from "../../settings/nearest.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { listOf, type Misfit, oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";
import { either } from "../../settings/word_list.ts";
import type { Context } from "../context.ts";
import { keySpec } from "../keys/key_spec.ts";
import { fixedWindow } from "./algorithms/fixed_window.ts";
import { leakyBucket } from "./algorithms/leaky_bucket.ts";
import { slidingWindow } from "./algorithms/sliding_window.ts";
import { tokenBucket } from "./algorithms/token_bucket.ts";
import type { LimitPlan, RateLimitPlan } from "./rate_limit/rate_limit_plan.ts";

const BUILT_IN: readonly Algorithm[] = [tokenBucket, slidingWindow, fixedWindow, leakyBucket];
const NAMES = BUILT_IN.map(({ name }) => name);
const EXPECTED_ALGORITHM = either(NAMES.map((name) => JSON.stringify(name)));

/** Units: what a counter holds, and more than anybody's limit. */
const MOST = 1_000_000_000;
/** Units a millisecond: times are reckoned in microseconds. */
const FASTEST = 1000;
/** A quota for a year is the longest that makes sense. */
const LONGEST_PER = 366 * 86_400_000;
const LONGEST_WAIT = 3_600_000;
/** Some gigabytes. */
const MOST_KEYS = 100_000_000;
const DEFAULT_KEYS = 1_000_000;

const count = wholeNumber(1, MOST);

const algorithm = scalar<Algorithm>({
  expected: EXPECTED_ALGORITHM,
  json: { type: "string", enum: NAMES },
  parse(value) {
    if (typeof value === "object" && value !== null) {
      return isAlgorithm(value) ? value : new Refusal(
        "only a config in TypeScript can have an algorithm of its own",
        "what defineAlgorithm({ … }) returns",
      );
    }
    const known = BUILT_IN.find(({ name }) => name === value);
    if (known !== undefined) return known;
    if (typeof value !== "string") return undefined;
    const meant = nearest(value, NAMES);
    return new Refusal(`expected ${EXPECTED_ALGORITHM}`, meant === undefined ? undefined : JSON.stringify(meant));
  },
});

function isAlgorithm(value: object): value is Algorithm {
  const { name, size, take, charge, lua } = value as Partial<Record<keyof Algorithm, unknown>>;
  return typeof name === "string" && Number.isInteger(size) && typeof take === "function" &&
    typeof charge === "function" && (lua === undefined || typeof lua === "string");
}

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
  algorithm: algorithm.prefault("token-bucket").describe("How it is counted."),
  limit: oneOfShapes("a whole number of at least 1, or { by, is }", [count, tiers])
    .describe("Requests, or units of cost, in each per; or one number for each value of a key."),
  per: duration({ zero: false, least: 1, most: LONGEST_PER }).describe("The time in which limit comes back."),
  burst: count.optional()
    .describe("Of a token bucket: how many may come at once. Default: limit."),
  maxDelay: duration({ zero: false, least: 1, most: LONGEST_WAIT }).optional()
    .describe("Of a leaky bucket: how long a request may be held."),
  key: keySpec().optional().describe("What is counted by: a key, or the first of several that is present."),
};

type ParsedLimit = Partial<z.output<z.ZodObject<typeof LIMIT>>>;

const oneLimit = settings('a limit such as { limit: 10, per: "1s" }', LIMIT);

/** Keys of what is one limit where there are not several. */
const OF_ONE = ["name", "algorithm", "limit", "per", "burst", "maxDelay"] as const;

const cost = oneOfShapes("a whole number, or a function", [
  wholeNumber(1, MOST),
  scalar<(ctx: Context) => number>({
    expected: "a function",
    json: {},
    parse: (value) => typeof value === "function" ? value as (ctx: Context) => number : undefined,
  }),
]);

const headerName = text<string>({
  expected: 'the name of a header, such as "x-tokens-used"',
  read: (name) => isToken(name) ? name.toLowerCase() : new Refusal("this is no name of a header", '"x-tokens-used"'),
});

const exempt = z.record(
  anyKeyWhere((key) =>
    isInBody(key)
      ? new Refusal(`${key} is in the request's body: exempt requests are not read`, '"ip" or "header:…"')
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
    algorithm: algorithm.optional().describe('How it is counted. Default: "token-bucket".'),
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
  const several = limits?.map((limit, i) => ({ limit, at: ["limits", i] }));
  const parsed = several ?? [{ limit: options, at: [] }];
  const misfits = [
    ...(several === undefined ? missing(options) : besideLimits(options)),
    ...parsed.flatMap(({ limit, at }) => misfitsOf(limit, at, cost)),
  ];
  report(context, options, misfits);
  if (misfits.length > 0) return z.NEVER;
  const plans = parsed.map(({ limit }): LimitPlan => ({
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
    limits: plans.map((plan, i) => ({ ...plan, name: unique(plan.name, plans.slice(0, i)) })),
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

function missing({ limit, per }: ParsedLimit): Misfit[] {
  return [
    ...(limit === undefined
      ? [{
        path: ["limit"],
        message: "this is missing: expected a whole number of at least 1, or { by, is }",
        remedy: "100",
      }]
      : []),
    ...(per === undefined
      ? [{ path: ["per"], message: 'this is missing: expected a duration such as "1s" or "1m"', remedy: '"1m"' }]
      : []),
  ];
}

function besideLimits(options: ParsedLimit): Misfit[] {
  return OF_ONE.filter((key) => options[key] !== undefined).map((key) => ({
    path: [key],
    message: `limits says it all: ${key} beside it would be of none of them`,
    remedy: `${key} in an entry of limits`,
    onKey: true,
  }));
}

/** What does not go together in one limit. */
function misfitsOf(limit: ParsedLimit, at: (string | number)[], cost: unknown): Misfit[] {
  const { algorithm = tokenBucket, burst, maxDelay, per } = limit, found: Misfit[] = [];
  const isBuiltIn = BUILT_IN.includes(algorithm), most = mostOf(limit);
  if (isBuiltIn && algorithm !== tokenBucket && burst !== undefined) {
    const message = `burst is of a token bucket: a ${algorithm.name} has none`;
    found.push({ path: [...at, "burst"], message, remedy: 'algorithm: "token-bucket"', onKey: true });
  }
  if (isBuiltIn && algorithm !== leakyBucket && maxDelay !== undefined) {
    const message = `maxDelay is of a leaky bucket: a ${algorithm.name} holds no requests`;
    found.push({ path: [...at, "maxDelay"], message, remedy: 'algorithm: "leaky-bucket"', onKey: true });
  }
  if (algorithm === leakyBucket && maxDelay === undefined) {
    found.push({
      path: [...at, "maxDelay"],
      message: "a leaky bucket needs to know how long it may hold a request",
      remedy: '"1s"',
    });
  }
  if (most === undefined || per === undefined) return found;
  if (most.greatest / per > FASTEST) {
    const message = "this is more than a million a second, which is as good as no limit";
    found.push({
      path: [...at, "limit"],
      message,
      remedy: `at most ${Math.floor(FASTEST * per)} per ${formatDuration(per)}`,
    });
  }
  const fits = burst ?? most.least;
  if (typeof cost === "number" && cost > fits && algorithm !== leakyBucket) {
    const message = `a request costs ${cost}, and no more than ${fits} ever fit: it would always be refused`;
    found.push({
      path: ["cost"],
      message,
      remedy: `a cost of at most ${fits}, or a ${burst === undefined ? "limit" : "burst"} of at least ${cost}`,
    });
  }
  return found;
}

function mostOf({ limit }: ParsedLimit): { readonly least: number; readonly greatest: number } | undefined {
  if (limit === undefined) return undefined;
  if (typeof limit === "number") return { least: limit, greatest: limit };
  const all = [...Object.values(limit.is), limit.otherwise];
  return { least: Math.min(...all), greatest: Math.max(...all) };
}

function nameOf({ limit, per }: ParsedLimit): string {
  const within = `per-${formatDuration(per!)}`;
  return typeof limit === "number" ? `${limit}-${within}` : within;
}

/** Two limits of one policy must be told apart. */
function unique(name: string, before: readonly LimitPlan[]): string {
  const same = before.filter((plan) => plan.name === name).length;
  return same === 0 ? name : `${name}-${same + 1}`;
}
