/** How an endpoint is picked. @module */

import type { z } from "zod";
import { isToken } from "../../http/token.ts";
import type { KeyFunction, KeyOption } from "../../policies/keys/key_spec.ts";
import type { CustomBalancer } from "../../upstreams/balancers/define_balancer.ts";
import { nearest } from "../../settings/nearest.ts";
import type { Balance } from "../types/balance.ts";
import { duration } from "../../settings/duration.ts";
import { functionOption } from "../../settings/function_option.ts";
import { hashKey } from "./key_text.ts";
import { numberBetween } from "../../settings/number_between.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { secretValue } from "./secret_value.ts";
import { oneOfShapes, oneOrMore, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { either } from "../../settings/word_list.ts";

const WORDS: readonly Balance[] = [
  "round-robin",
  "weighted-round-robin",
  "random",
  "least-requests",
  "p2c",
  "peak-ewma",
  "hash",
  "weighted-latency",
];
const EXPECTED = either(WORDS.map((word) => JSON.stringify(word)));

/** A balancer by its name, or one that `defineBalancer()` made. */
export const balanceSchema = scalar<Exclude<Balance, "weighted-round-robin"> | CustomBalancer>({
  expected: EXPECTED,
  json: { type: "string", enum: WORDS },
  parse(value) {
    if (typeof value === "object" && value !== null) {
      return isBalancer(value) ? value : new Refusal(
        "only a config in TypeScript can have a balancer of its own",
        "what defineBalancer({ … }) returns",
      );
    }
    if (value === "weighted-round-robin") return "round-robin";
    const word = WORDS.find((word) => word === value);
    if (word !== undefined) return word as Exclude<Balance, "weighted-round-robin">;
    if (typeof value !== "string") return undefined;
    const meant = nearest(value, WORDS);
    return new Refusal(`expected ${EXPECTED}`, meant === undefined ? undefined : JSON.stringify(meant));
  },
}).prefault("round-robin").describe("How an endpoint is picked.");

function isBalancer(value: object): value is CustomBalancer {
  return "name" in value && typeof value.name === "string" && "create" in value && typeof value.create === "function";
}

/** What a hash goes by, the first that is present. */
export const hashBySchema: z.ZodType<KeyOption, unknown> = oneOfShapes(
  'a key such as "header:x-user-id", a list of them, or a function',
  [
    oneOrMore('a key such as "header:x-user-id"', hashKey(), "at least one key is needed"),
    functionOption<KeyFunction>(),
  ],
).describe('With balance: "hash": the key, or the first of several that is present, that it goes by.');

/** Most load of an endpoint. */
export const boundedLoadSchema = numberBetween(1, 10).describe(
  'With balance: "hash": most load of an endpoint, as a multiple of its fair share. Default: no bound.',
);

const cookieName = text<string>({
  expected: "the name of a cookie",
  read: (name) => isToken(name) ? name : new Refusal("this is no name of a cookie", '"endpoint"'),
});

/** A cookie that leads a client back. */
export const stickySchema = settings('settings such as { cookie: "endpoint", secret }', {
  cookie: cookieName.describe("Name of the cookie."),
  secret: secretValue().describe("What the cookie is signed with: at least 16 characters."),
  ttl: duration({ zero: false, least: 1_000 }).optional()
    .describe("How long the cookie lives. Default: until the browser closes."),
}).transform(({ ttl, ...rest }) => ({ ...rest, ttl: ttl ?? null }));
