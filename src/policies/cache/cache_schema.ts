/** What `cache` accepts, with its defaults filled in. @module */

import { z } from "zod";
import { formatSize } from "../../core/units.ts";
import { isToken } from "../../http/token.ts";
import { duration } from "../../settings/duration.ts";
import { flag, onlyTrue } from "../../settings/flag.ts";
import { functionOption } from "../../settings/function_option.ts";
import { numberBetween, shareAboveZero, wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, oneOfShapes, oneOrMore, orOff, report, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import { plainText, text } from "../../settings/text.ts";
import { either } from "../../settings/word_list.ts";
import { cacheMisfits } from "./cache_misfits.ts";
import type { CachePlan } from "./cache_plan.ts";
import { tellsIdentity } from "./key/identity_keys.ts";
import { keyParts, varyKey } from "./key/key_schema.ts";
import { namedParts } from "./key/named_parts.ts";
import { isAboutUrl } from "./rules/statuses.ts";

const MINUTE = 60_000, YEAR = 366 * 24 * 60 * MINUTE;
const KIB = 1024, MIB = 1024 * KIB, MOST_BYTES = 64 * 1024 * MIB;
const DEFAULT_BODY = 8 * MIB;
/** Of errors, those that RFC 9110 §15.1 lets caches keep without being told. */
const NEGATIVE = [404, 405, 410, 414, 501];

const lifetime = () => duration({ zero: false, most: YEAR });
const window = () => duration({ zero: true, most: YEAR }).prefault("0s");

/** Answers of these statuses are no use to anybody else, whatever a config says. */
function unkeepable(status: number): Refusal | null {
  if (status === 206 || status === 304) {
    return new Refusal(`${status} is part of another answer: that one counts`, "200");
  }
  if (status === 401 || status === 407) {
    return new Refusal(`${status} is for whoever showed no credential, and would be served to those who do`, "404");
  }
  return isAboutUrl(status) ? null : new Refusal(`${status} is about one request, and is never kept`, "404");
}

const status = wholeNumber(200, 599).transform((status, context) => {
  const refusal = unkeepable(status);
  if (refusal === null) return status;
  report(context, status, [{ path: [], message: refusal.message, remedy: refusal.remedy }]);
  return z.NEVER;
});

const negative = z.record(z.string(), lifetime(), { error: () => 'expected times by status, such as { 404: "10s" }' })
  .transform((times, context) => {
    const misfits = Object.keys(times).flatMap((key) => {
      const status = Number(key), whole = /^[45]\d\d$/.test(key);
      const refusal = whole ? unkeepable(status) : new Refusal("expected a status from 400 to 599", "404");
      return refusal === null ? [] : [{ path: [key], message: refusal.message, remedy: refusal.remedy, onKey: true }];
    });
    report(context, times, misfits);
    return new Map(Object.entries(times).map(([key, ms]) => [Number(key), ms]));
  });

const fieldName = text<string>({
  expected: 'the name of a header, such as "x-tenant"',
  read: (name) => isToken(name) ? name.toLowerCase() : new Refusal("this is no name of a header", '"x-tenant"'),
});

const cacheName = text<string>({
  expected: 'a name such as "edge"',
  // RFC 9211 §2: a token, so that nobody has to quote it.
  read: (name) =>
    /^[A-Za-z*][\w!#$%&'*+\-.^`|~:/]{0,63}$/.test(name)
      ? name
      : new Refusal("a name begins with a letter, and has up to 64 letters, digits and -._:/", '"edge"'),
});

const cacheId = text<string>({
  expected: 'a name such as "catalogue"',
  read: (name) =>
    /^[\x21\x23-\x5b\x5d-\x7e][\x20\x21\x23-\x5b\x5d-\x7e]{0,63}$/.test(name)
      ? name
      : new Refusal("a name has up to 64 plain characters, without quotes and backslashes", '"catalogue"'),
});

const targetedField = fieldName.transform((name, context) => {
  if (name !== "cache-control") return name;
  report(context, name, [{
    path: [],
    message: "cache-control is what targeted fields take the place of",
    remedy: '"cdn-cache-control"',
  }]);
  return z.NEVER;
});

const OPTIONS = settings('settings such as { forceTtl: "60s", maxEntries: 1000 }', {
  id: cacheId.optional().describe(
    "Names the cache: policies of one id have their room in common. Default: made of the route.",
  ),
  defaultTtl: lifetime().optional().describe(
    "How long an answer is good where the upstream says nothing. Default: the heuristic.",
  ),
  forceTtl: lifetime().optional().describe(
    "How long an answer is good, whatever the upstream says. Default: it has the word.",
  ),
  statuses: listOf("a list of statuses", status, "at least one status is needed").optional()
    .describe(
      "The statuses that forceTtl and defaultTtl are for. Default: 200 for forceTtl, those of RFC 9110 §15.1 for defaultTtl.",
    ),
  negativeTtl: oneOfShapes('a duration such as "10s", or times by status', [
    lifetime().transform((ms) => new Map(NEGATIVE.map((status) => [status, ms]))),
    negative,
  ]).optional().describe(
    `How long errors are good where the upstream says nothing: by status, or for ${either(NEGATIVE.map(String))}.`,
  ),
  heuristic: orOff(
    'settings such as { share: 0.1, max: "1d" }',
    settings('settings such as { share: 0.1, max: "1d" }', {
      share: shareAboveZero().prefault(0.1).describe("The share of the time since Last-Modified."),
      max: lifetime().prefault("1d").describe("The most."),
    }),
  ).optional().describe(
    "How long an answer with Last-Modified is good where nothing else tells. Default: a tenth of the time since, up to 1d.",
  ),
  key: keyParts.prefault({}).describe("Which parts of a request tell one answer from another."),
  vary: oneOrMore('a key such as "identity"', varyKey, "at least one key is needed").optional()
    .describe("What else tells one answer from another: keys, of which every one counts."),
  shared: onlyTrue().optional().describe("Says that the answer does not depend on who is asking, beyond vary."),
  staleWhileRevalidate: window().describe("How long past its time an answer is served while a newer one is fetched."),
  staleIfError: window().describe("How long past its time an answer stands in for an error."),
  grace: window().prefault("10s")
    .describe("How long past its time an answer stands in while the upstream cannot be reached."),
  refreshEarly: oneOfShapes("true, or a number from 0 to 10", [onlyTrue().transform(() => 1), numberBetween(0, 10)])
    .prefault(0).describe("Whether answers are fetched anew shortly before their time is over; more is earlier."),
  requestDirectives: flag().prefault(true).describe("Whether Cache-Control and Pragma of requests count."),
  targeted: listOf("a list of headers", targetedField).prefault(["cdn-cache-control"])
    .describe("Response fields that are for caches such as this one."),
  tagFields: listOf("a list of headers", fieldName).prefault(["cache-tag", "surrogate-key"])
    .describe("Response fields that list tags."),
  cacheStatus: orOff("a name", cacheName).prefault("gatewright").describe("Our name in Cache-Status."),
  coalesce: orOff(
    'settings such as { wait: "5s" }',
    settings('settings such as { wait: "5s" }', {
      wait: duration({ zero: false, most: 10 * MINUTE }).prefault("5s").describe("How long one waits."),
    }),
  ).prefault({}).describe("Whether requests for the same wait for one answer."),
  maxBytes: size(64 * KIB, MOST_BYTES).prefault("64MiB").describe("Most bytes that this process keeps."),
  maxEntries: wholeNumber(1, 10_000_000).prefault(10_000).describe("Most answers that this process keeps."),
  maxBody: size(1, MOST_BYTES).optional()
    .describe(`Largest body that is kept. Default: ${formatSize(DEFAULT_BODY)}, or a quarter of maxBytes.`),
  store: plainText("the name of a store").optional().describe(
    "Name of the store, out of stores, behind the memory of each process.",
  ),
  bypass: predicate<NonNullable<CachePlan["bypass"]>>().optional().describe("Whether a request goes past the cache."),
  noStore: predicate<NonNullable<CachePlan["noStore"]>>().optional().describe("Whether an answer is not kept."),
});

/** The options when each by itself is right. */
export type ParsedCache = z.output<typeof OPTIONS>;

/** Schema of the options of `cache`. Custom issues carry `params.remedy`. */
export const cacheSchema: z.ZodType<CachePlan, unknown> = OPTIONS.transform((options, context): CachePlan => {
  const misfits = cacheMisfits(options);
  report(context, options, misfits);
  if (misfits.length > 0) return z.NEVER;
  const { vary = [], maxBytes, heuristic = { share: 0.1, max: 24 * 60 * MINUTE } } = options;
  const keys = [...namedParts(options.key), ...vary.flatMap((by) => typeof by === "function" ? [] : by)];
  return {
    ...options,
    id: options.id,
    defaultTtl: options.defaultTtl ?? null,
    forceTtl: options.forceTtl ?? null,
    statuses: options.statuses ?? null,
    negativeTtl: options.negativeTtl ?? new Map(),
    heuristic,
    vary,
    byIdentity: keys.some(tellsIdentity),
    shared: options.shared ?? false,
    maxBody: options.maxBody ?? Math.min(DEFAULT_BODY, Math.floor(maxBytes / 4)),
    store: options.store,
    bypass: options.bypass ?? null,
    noStore: options.noStore ?? null,
  };
});

function predicate<F>(): z.ZodType<F, unknown> {
  return functionOption<F>({
    expected: "a function, which only a config in TypeScript can have",
    json: { not: {} },
  });
}
