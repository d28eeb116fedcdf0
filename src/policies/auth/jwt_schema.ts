/** What `jwt` accepts, with its defaults filled in. @module */

import { z } from "zod";
import { isSecret, type Secret } from "../../core/secret.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag, onlyTrue } from "../../settings/flag.ts";
import { nearest } from "../../settings/nearest.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { listOf, oneOfShapes, oneOrMore, orOff, report, settings } from "../../settings/shapes.ts";
import { plainText } from "../../settings/text.ts";
import { type ServiceAddress, serviceAddress, urlAddress } from "../service/service_address.ts";
import { groupsOption, sentClaimsOption } from "./claims/claims_option.ts";
import type { SentClaim } from "./claims/sent_claims.ts";
import type { FailureRate } from "./failure_limit.ts";
import { failuresOption } from "./failures_option.ts";
import { ALGORITHMS, type JwtAlgorithm, PUBLIC_DEFAULTS, SECRET_DEFAULTS } from "./jwt/algorithms.ts";
import { CLAIM_TYPES, type ClaimRule, type ClaimTerms } from "./jwt/claim_rules.ts";
import { jwtMisfits } from "./jwt/jwt_misfits.ts";
import type { ProviderPlan } from "./jwt/provider.ts";
import type { FetchTerms } from "./jwt/provider_keys.ts";
import { KeyFault, type PublicKey, readKeySet, readPublicKey } from "./jwt/public_key.ts";
import { tokenPlace } from "./jwt/token_place_option.ts";
import { realmOption } from "./realm_option.ts";

/** The options as they are checked: durations in milliseconds. Of the sources of keys there is one. */
export interface JwtPlan extends ClaimTerms {
  readonly algorithms: readonly JwtAlgorithm[];
  readonly secret?: Secret | readonly Secret[];
  readonly encoding: "utf8" | "base64url";
  readonly publicKey?: PublicKey | Secret;
  readonly keys?: readonly PublicKey[] | Secret;
  readonly provider?: ProviderPlan & FetchTerms;
  readonly in: readonly string[];
  readonly sent: readonly SentClaim[];
  readonly groups: readonly string[];
  readonly keep: boolean;
  readonly realm: string;
  readonly cache: { readonly size: number; readonly ttl: number };
  readonly failures: FailureRate | null;
}

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
/** As many keys are tried for a token that names none. */
const MOST_SECRETS = 4;
/** A key in this place may be the one that signs: nothing of it is shown. */
const UNSEEN = { writeOnly: true };

const algorithm = scalar<JwtAlgorithm>({
  expected: 'an algorithm such as "ES256"',
  json: { type: "string", enum: ALGORITHMS },
  parse(value) {
    const name = ALGORITHMS.find((name) => name === value);
    if (name !== undefined || typeof value !== "string") return name;
    const meant = nearest(value, ALGORITHMS);
    const known = new Refusal(`expected one of ${ALGORITHMS.join(", ")}`, meant && JSON.stringify(meant));
    return /^none$/i.test(value) ? new Refusal("a token that nobody has signed is no proof of anything") : known;
  },
});

const secrets = oneOfShapes('a secret such as secret.env("JWT_SECRET"), or a list of them', [
  secretOption,
  listOf("a list of secrets", secretOption, "at least one secret is needed")
    .max(MOST_SECRETS, { error: `at most ${MOST_SECRETS} secrets are tried for a token` }).meta(UNSEEN),
]);

/** Read when the algorithms are known. */
const publicKey = oneOfShapes("a public key in PEM form, a JWK, or a secret that holds one", [
  secretOption,
  scalar<string | object>({
    expected: "a public key in PEM form, or a JWK",
    json: { ...UNSEEN },
    parse: (value) => typeof value === "string" || isJwk(value) ? value : undefined,
  }),
]);

const keySet = oneOfShapes("a JWKS such as { keys: [{ … }] }, or a secret that holds one", [
  secretOption,
  scalar<object>({
    expected: "a JWKS such as { keys: [{ … }] }",
    json: { type: "object", ...UNSEEN },
    parse: (value) => typeof value === "object" && value !== null && "keys" in value ? value : undefined,
  }),
]);

const rule: z.ZodType<ClaimRule, unknown> = oneOfShapes("a type, or a list of values", [
  choice(CLAIM_TYPES),
  listOf("a list of values", z.union([z.string(), z.number(), z.boolean()]), "at least one value is needed"),
]);

const required = oneOfShapes('names of claims, or rules such as { sub: "string", tier: ["free", "pro"] }', [
  listOf("a list of claims", plainText("the name of a claim"))
    .transform((claims) => claims.map((claim): ClaimTerms["require"][number] => ({ claim, is: "any" }))),
  z.record(z.string().min(1), rule, { error: () => 'expected rules such as { sub: "string" }' })
    .transform((rules) => Object.entries(rules).map(([claim, is]) => ({ claim, is }))),
]);

const fetching = settings('settings such as { refresh: "10m" }', {
  refresh: duration({ zero: false, least: 1_000, most: DAY }).prefault("10m").describe("How often keys are fetched."),
  cooldown: duration({ zero: false, least: 1_000, most: HOUR }).prefault("30s")
    .describe("Least time between two fetches for a kid that is not known."),
  maxStale: duration({ zero: false, least: 1_000 }).prefault("24h")
    .describe("How long keys are good while no others come."),
  timeout: duration({ zero: false, most: MINUTE }).prefault("5s").describe("How long an answer may take."),
});

const OPTIONS = settings('settings such as { issuer: "https://id.example", audience: "api", jwks: "https://…" }', {
  issuer: oneOrMore("an issuer", plainText("an issuer"), "at least one issuer is needed").optional()
    .describe("What iss must be. Default: anything, or nothing."),
  audience: oneOrMore("an audience", plainText("an audience"), "at least one audience is needed")
    .describe('What aud must be, or have among its values; "any": it is not looked at.'),
  algorithms: oneOrMore('an algorithm such as "ES256"', algorithm, "at least one algorithm is needed").optional()
    .describe("The only ones that count. Default: HS256 with a secret, else RS256, PS256, ES256, EdDSA and Ed25519."),
  secret: secrets.optional().describe(
    "The secret that tokens are signed with, or several while one takes the other's place.",
  ),
  encoding: choice(["utf8", "base64url"]).optional().describe("How the secret is written. Default: utf8."),
  publicKey: publicKey.optional().describe("The key that signatures are checked with: PEM or JWK."),
  keys: keySet.optional().describe("The keys that signatures are checked with: a JWKS."),
  jwks: serviceAddress.optional().describe("Where the issuer publishes its keys."),
  discovery: oneOfShapes("true, a URL, or { upstream, path }", [onlyTrue(), serviceAddress]).optional()
    .describe(
      "Where the issuer's OpenID configuration is, which tells where its keys are; true: where it is by custom.",
    ),
  provider: fetching.optional().describe("How often the issuer's keys are fetched."),
  in: oneOrMore('a place such as "header:authorization"', tokenPlace(), "at least one place is needed")
    .prefault("header:authorization").describe("Where clients put the token: one place, or several."),
  leeway: duration({ zero: true, most: 10 * MINUTE }).prefault("30s").describe("How far clocks may differ."),
  maxAge: duration({ zero: false }).optional().describe("How long ago a token may be issued. Default: no limit."),
  allowUnexpiring: flag().prefault(false).describe("Whether tokens without exp are good."),
  type: plainText('a type such as "at+jwt"').optional().describe("What typ must be. Default: anything."),
  require: required.prefault([]).describe("Claims that must be there: names, or what they must be."),
  claims: sentClaimsOption,
  groups: groupsOption,
  keep: flag().prefault(true).describe("Whether the token goes on to the upstream."),
  realm: realmOption,
  cache: orOff(
    'settings such as { size: 10000, ttl: "5m" }',
    settings('settings such as { size: 10000, ttl: "5m" }', {
      size: wholeNumber(2, 1_000_000).prefault(10_000).describe("Tokens that are remembered."),
      ttl: duration({ zero: false, least: 1_000, most: HOUR }).prefault("5m").describe("How long one is."),
    }),
  ).prefault({}).describe("Good tokens that are remembered, so that they are not checked each time."),
  failures: failuresOption("Bad tokens", 100)
    .describe("Bad tokens that one client may show before none of it is checked."),
});

/** Schema of the options of `jwt`. */
export const jwtSchema: z.ZodType<JwtPlan, unknown> = OPTIONS.transform((options, context): JwtPlan => {
  const misfits = jwtMisfits(options);
  report(context, options, misfits);
  if (misfits.length > 0) return z.NEVER;
  const { audience, secret, publicKey, keys, jwks, discovery, provider, claims, cache, encoding, ...rest } = options;
  const { issuer = [], algorithms = secret === undefined ? PUBLIC_DEFAULTS : SECRET_DEFAULTS } = rest;
  const readable = <T>(at: string, read: T | KeyFault): T => {
    if (!(read instanceof KeyFault)) return read;
    report(context, options, [{ path: [at], message: read.message, remedy: read.remedy }]);
    return z.NEVER;
  };
  return {
    ...rest,
    issuer,
    algorithms,
    audience: audience.length === 1 && audience[0] === "any" ? "any" : audience,
    ...(secret === undefined ? {} : { secret }),
    encoding: encoding ?? "utf8",
    ...(publicKey === undefined ? {} : {
      publicKey: isSecret(publicKey) ? publicKey : readable("publicKey", readPublicKey(publicKey, algorithms)),
    }),
    ...(keys === undefined ? {} : { keys: isSecret(keys) ? keys : readable("keys", readKeySet(keys, algorithms)) }),
    ...(jwks === undefined && discovery === undefined ? {} : {
      provider: {
        jwks: jwks ?? null,
        discovery: discovery === true ? documentOf(issuer[0]) : discovery ?? null,
        issuer: discovery === undefined ? null : issuer[0],
        ...provider ?? fetching.parse({}),
      },
    }),
    sent: Object.entries(claims).map(([field, claim]) => ({ field: field.toLowerCase(), claim })),
    cache: cache ?? { size: 0, ttl: 0 },
  };
});

/** OIDC Discovery 1.0 §4.1: without a slash at the issuer's end. */
function documentOf(issuer: string): ServiceAddress {
  return urlAddress(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`)!;
}

/** A JWK or what may be meant to be one, but no secret in another form. */
function isJwk(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "kty" in value;
}
