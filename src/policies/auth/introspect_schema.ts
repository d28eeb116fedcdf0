/** What `introspect` accepts, with its defaults filled in. @module */

import { z } from "zod";
import type { Secret } from "../../core/secret.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { oneOrMore, orOff, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";
import { type ServiceAddress, serviceAddress } from "../service/service_address.ts";
import type { FailureRate } from "./failure_limit.ts";
import { claimHeader, tokenPlace } from "./jwt/request_parts.ts";
import type { SentClaim } from "./jwt/sent_claims.ts";

/** The options as they are checked: durations in milliseconds. */
export interface IntrospectPlan {
  readonly endpoint: ServiceAddress;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly authentication: "basic" | "post";
  readonly in: readonly string[];
  readonly issuer: readonly string[];
  readonly audience: readonly string[];
  readonly sent: readonly SentClaim[];
  readonly groups: readonly string[];
  readonly cache: { readonly size: number; readonly ttl: number; readonly negative: number };
  readonly timeout: number;
  readonly failures: FailureRate | null;
  readonly realm: string;
  readonly keep: boolean;
}

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const NO_CACHE = Object.freeze({ size: 0, ttl: 0, negative: 0 });

const claimPath = oneOrMore("the name of a claim", plainText("the name of a claim"), "the name is missing");

const sentClaims = z.record(claimHeader(), claimPath, {
  error: (issue) =>
    issue.code === "invalid_type" ? 'expected claims by header, such as { "x-user-id": "sub" }' : undefined,
});

const realm = text<string>({
  expected: "a realm",
  read: (name) =>
    /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/.test(name)
      ? name
      : new Refusal("a realm has up to 64 plain characters, without quotes and backslashes", '"orders"'),
});

/** Schema of the options of `introspect`. */
export const introspectSchema: z.ZodType<IntrospectPlan, unknown> = settings(
  'settings such as { endpoint: "https://id.example/introspect", clientId: "gateway", clientSecret: … }',
  {
    endpoint: serviceAddress.describe("Where the provider is asked about tokens: a URL, or { upstream, path }."),
    clientId: plainText("the id that the provider has given to the gateway")
      .describe("The id that the provider has given to the gateway."),
    clientSecret: secretOption.describe("The secret that goes with it."),
    authentication: choice(["basic", "post"]).prefault("basic")
      .describe("Where id and secret stand: in Authorization, or in the form."),
    in: oneOrMore('a place such as "header:authorization"', tokenPlace(), "at least one place is needed")
      .prefault("header:authorization").describe("Where clients put the token: one place, or several."),
    issuer: oneOrMore("an issuer", plainText("an issuer"), "at least one issuer is needed").optional()
      .describe("What iss must be. Default: anything, or nothing."),
    audience: oneOrMore("an audience", plainText("an audience"), "at least one audience is needed").optional()
      .describe("What aud must be, or have among its values. Default: anything, or nothing."),
    claims: sentClaims.prefault({}).describe("Claims that the upstream is told, by request header."),
    groups: claimPath.prefault("groups").describe("The claim that holds the groups, or the names on the way to it."),
    cache: orOff(
      'settings such as { ttl: "60s" }',
      settings('settings such as { ttl: "60s" }', {
        size: wholeNumber(2, 1_000_000).prefault(10_000).describe("Active tokens that are remembered."),
        ttl: duration({ zero: false, least: 1_000, most: HOUR }).prefault("60s")
          .describe("How long it is believed that a token is active."),
        negative: duration({ zero: true, most: MINUTE }).prefault("10s").describe("How long, that one is not."),
      }),
    ).prefault({}).describe("Answers that are remembered, so that the provider is not asked for each request."),
    timeout: duration({ zero: false, most: MINUTE }).prefault("5s").describe("How long an answer may take."),
    failures: orOff(
      'settings such as { limit: 100, per: "1m" }',
      settings('settings such as { limit: 100, per: "1m" }', {
        limit: wholeNumber(1, 1_000_000).describe("Bad tokens at once."),
        per: duration({ zero: false, most: DAY }).describe("The time in which as many are forgiven."),
      }),
    ).prefault({ limit: 100, per: "1m" })
      .describe("Bad tokens that one client may show before the provider is not asked any more."),
    realm: realm.prefault("gateway").describe("What WWW-Authenticate calls what is protected."),
    keep: flag().prefault(false).describe("Whether the token goes on to the upstream."),
  },
).transform(({ claims, cache, issuer = [], audience = [], ...rest }): IntrospectPlan => ({
  ...rest,
  issuer,
  audience,
  sent: Object.entries(claims).map(([field, claim]) => ({ field: field.toLowerCase(), claim })),
  cache: cache ?? NO_CACHE,
}));
