/** What `introspect` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import type { Secret } from "../../core/secret.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { oneOrMore, orOff, settings } from "../../settings/shapes.ts";
import { plainText } from "../../settings/text.ts";
import { type ServiceAddress, serviceAddress } from "../service/service_address.ts";
import { groupsOption, sentClaimsOption } from "./claims/claims_option.ts";
import type { SentClaim } from "./claims/sent_claims.ts";
import type { FailureRate } from "./failure_limit.ts";
import { failuresOption } from "./failures_option.ts";
import { tokenPlace } from "./jwt/token_place_option.ts";
import { realmOption } from "./realm_option.ts";

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

const MINUTE = 60_000, HOUR = 60 * MINUTE;
const NO_CACHE = Object.freeze({ size: 0, ttl: 0, negative: 0 });

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
    claims: sentClaimsOption,
    groups: groupsOption,
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
    failures: failuresOption("Bad tokens", 100)
      .describe("Bad tokens that one client may show before the provider is not asked any more."),
    realm: realmOption,
    keep: flag().prefault(false).describe("Whether the token goes on to the upstream."),
  },
).transform(({ claims, cache, issuer = [], audience = [], ...rest }): IntrospectPlan => ({
  ...rest,
  issuer,
  audience,
  sent: Object.entries(claims).map(([field, claim]) => ({ field: field.toLowerCase(), claim })),
  cache: cache ?? NO_CACHE,
}));
