/**
 * The `jwt` policy: lets those pass who show a token that somebody trusted has signed, and finds out who they are.
 *
 * @module
 */

import { type Policy, recordPolicy } from "../../core/policy.ts";
import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";
import { type ServiceOption, type UpstreamFact, upstreamFacts } from "../service/service_address.ts";
import { IDENTITY_FACTS, type IdentityDefinition, identityDefinition, type IdentityFact } from "./authenticator.ts";
import type { ClaimPath } from "./claims/claim_path.ts";
import { placeNames } from "./credential/place_names.ts";
import { FailureLimit } from "./failure_limit.ts";
import type { JwtAlgorithm } from "./jwt/algorithms.ts";
import { keyFault, keysAt, keySourceOf } from "./jwt/keys_of_plan.ts";
import type { AnyClaims, ClaimFacts, Promised, RequiredClaims } from "./jwt/required_claims.ts";
import { TokenAuthenticator } from "./jwt/token_authenticator.ts";
import { tokenRefusals } from "./jwt/token_fault.ts";
import { type TokenPlace, tokenPlaces } from "./jwt/token_places.ts";
import { jwtWarnings } from "./jwt/jwt_warnings.ts";
import { type JwtPlan, jwtSchema } from "./jwt_schema.ts";

/** A public key as JSON (RFC 7517): RSA, EC or OKP. `kid`, `use`, `key_ops` and `alg` are heeded. */
export interface PublicJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly use?: string;
  readonly key_ops?: readonly string[];
  readonly alg?: string;
  readonly ext?: boolean;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly x5c?: readonly string[];
  readonly x5t?: string;
  readonly "x5t#S256"?: string;
}

/**
 * Options of {@link jwt}. The keys come from one of `jwks`, `discovery`, `publicKey`, `keys` and `secret`. Each is used for
 * the algorithms of its own type only, whatever a token says, and keys that a token brings along are not looked at.
 */
export interface JwtOptions<Claims extends object = AnyClaims, U extends string = string> {
  /**
   * What `iss` must be, letter by letter. Several: one of them.
   *
   * @default anything, or nothing
   */
  readonly issuer?: string | readonly string[];
  /**
   * Whom tokens must be for: one of these must be `aud`, or among its values. `"any"` does not look: a token that was
   * issued for another service then opens this one too.
   */
  readonly audience: string | readonly string[];
  /**
   * The signatures that count; a token with another `alg` is refused unseen.
   *
   * @default `["HS256"]` with `secret`, else `["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]` as far as the keys are for them
   */
  readonly algorithms?: JwtAlgorithm | readonly JwtAlgorithm[];
  /**
   * Where the issuer publishes its keys (RFC 7517 §5): a URL, or a path of an upstream. They are fetched when the gateway
   * starts, which does not wait for them, and then in the background; requests that come before wait for `timeout` at most.
   * While the issuer is away the last good ones are used. One with a certificate authority of its own, or that speaks HTTP/2
   * only, must be an upstream.
   */
  readonly jwks?: ServiceOption<U>;
  /**
   * Where the issuer's OpenID configuration is, which tells where its keys are. `true`: at `issuer`, under
   * `/.well-known/openid-configuration`. It must name the same `issuer`. The keys are fetched by the URL that it has.
   */
  readonly discovery?: true | ServiceOption<U>;
  /** One public key for all tokens, whatever their `kid`: PEM, of a certificate too, or a JWK; a secret may hold it. */
  readonly publicKey?: string | PublicJwk | Secret;
  /** Public keys as a JWKS, of which a token's `kid` chooses; without one, four are tried. A secret may hold them. */
  readonly keys?: { readonly keys: readonly PublicJwk[] } | Secret;
  /**
   * The secret that issuer and gateway share. At least as many bytes as the algorithm's hash has: 32 for HS256. Several, up
   * to four, while one takes the other's place.
   */
  readonly secret?: Secret | readonly Secret[];
  /**
   * How `secret` is written.
   *
   * @default "utf8": its text is the secret
   */
  readonly encoding?: "utf8" | "base64url";
  /** How often keys are fetched, with `jwks` and `discovery`. */
  readonly provider?: {
    /**
     * How often, from 1 s, give or take a tenth. A `max-age` of the answer makes it up to ten times shorter or six times
     * longer.
     *
     * @default "10m"
     */
    readonly refresh?: Duration;
    /**
     * Least time between two fetches for the sake of a token that no known key has signed, as a client can make one up for
     * each request.
     *
     * @default "30s"
     */
    readonly cooldown?: Duration;
    /**
     * How long keys are good while no others come. After that, a 503 answers.
     *
     * @default "24h"
     */
    readonly maxStale?: Duration;
    /**
     * How long an answer may take, to 50 ms; with `discovery` there are two.
     *
     * @default "5s"
     */
    readonly timeout?: Duration;
  };
  /**
   * Where clients put the token; `"header:authorization"` has `Bearer` before it. A request with two tokens is refused.
   * Those in the query end up in the logs of whoever sees the URL, so `check` warns.
   *
   * @default "header:authorization"
   */
  readonly in?: TokenPlace | readonly TokenPlace[];
  /**
   * How far the issuer's clock may be from this one's: up to 10 min.
   *
   * @default "30s"
   */
  readonly leeway?: Duration;
  /**
   * How long ago a token may be issued: `iat` must then be there.
   *
   * @default no limit
   */
  readonly maxAge?: Duration;
  /**
   * Whether tokens without `exp` are good, for ever.
   *
   * @default false
   */
  readonly allowUnexpiring?: boolean;
  /**
   * What `typ` must be: `"at+jwt"` for access tokens (RFC 9068). It keeps out tokens that the issuer signs for other ends.
   *
   * @default anything, or nothing
   */
  readonly type?: string;
  /**
   * Claims that must be there, by name, or what they must be: `"string"`, `"number"`, `"boolean"`, `"strings"`, `"list"`,
   * `"object"`, `"any"`, or a list of values: `{ sub: "string", tier: ["free", "pro"] }`.
   *
   * With a type argument, `jwt<{ sub: string }>`, each claim of the type that is not optional must be here: so the type is
   * true, but for what is within objects and lists of others than strings.
   *
   * @default none
   */
  readonly require?: RequiredClaims<Claims>;
  /**
   * Claims that the upstream is told, by request header: `{ "x-user-id": "sub", "x-roles": ["realm_access", "roles"] }`, the
   * latter the names on the way to a claim. Texts are sent as UTF-8, lists and objects as JSON. What clients send under
   * these names, or with `_` for `-`, is removed from every request. A claim that no header can hold makes its token invalid.
   *
   * @default none
   */
  readonly claims?: { readonly [header: string]: ClaimPath };
  /**
   * The claim that holds the groups, or the names on the way to it.
   *
   * @default "groups"
   */
  readonly groups?: ClaimPath;
  /**
   * Whether the token goes on to the upstream, which then can look at it too.
   *
   * @default true
   */
  readonly keep?: boolean;
  /**
   * What `WWW-Authenticate` calls that which is protected.
   *
   * @default "gateway"
   */
  readonly realm?: string;
  /**
   * Good tokens that are remembered: `size` of them, some 2 KB each, until they expire and for `ttl` at most. Without it,
   * each request costs a check of a signature: as much as 30 requests that are passed on. `false`: none.
   *
   * @default { size: 10_000, ttl: "5m" }
   */
  readonly cache?: { readonly size?: number; readonly ttl?: Duration } | false;
  /**
   * Bad tokens that one client, an IPv6 one by its /64, may show at once; as many come back in `per`. Beyond it a 429
   * answers, and no token of the client is looked at but those that were good before. Tokens whose time is not now do not
   * count, nor does what has not the form of a token: it may be for another policy. `false`: no limit.
   *
   * @default { limit: 100, per: "1m" }
   */
  readonly failures?: { readonly limit: number; readonly per: Duration } | false;
}

/**
 * Lets requests pass that carry a signed token (RFC 7519) which is meant for this gateway. Others get 401 with
 * `WWW-Authenticate`: `credential_missing` without a token, `credential_invalid` with a bad one; why it is bad is in the log
 * alone. What comes behind knows the claims as `jwt:…`, and the consumer whose subject it is.
 *
 * A reload forgets which tokens were good, and keeps the keys that were fetched.
 *
 * @typeParam Claims the claims that `require` makes sure of: only these are known to what comes behind
 *
 * @example
 * ```ts
 * import { jwt } from "gatewright";
 *
 * const anybody = jwt({ issuer: "https://id.example", audience: "api", jwks: "https://id.example/jwks.json" });
 * const paying = jwt<{ sub: string; tier: "pro" | "team" }>({
 *   issuer: "https://id.example",
 *   audience: "api",
 *   discovery: true,
 *   require: { sub: "string", tier: ["pro", "team"] },
 *   claims: { "x-user-id": "sub" },
 * });
 * console.log(anybody.kind, paying.kind); // jwt jwt
 * ```
 */
// deno-lint-ignore no-explicit-any -- an upstream's name is inferred, and with a type argument there is no inference: then any
export function jwt<Claims extends object = AnyClaims, const U extends string = any>(
  options: JwtOptions<Claims, U> & Promised<Claims>,
): Policy<"jwt", UpstreamNeeds<U>, IdentityFact | ClaimFacts<Claims>> {
  return recordPolicy(jwtDefinition, options);
}

/** Nothing where the name is not known to the compiler: `check` looks at it. */
type UpstreamNeeds<U extends string> = string extends U ? never : UpstreamFact<U>;

/** The `jwt` policy's options, its facts and what it is built into. */
export const jwtDefinition: IdentityDefinition<JwtPlan> = identityDefinition({
  kind: "jwt",
  schema: jwtSchema,
  facts: ({ provider }) => ({
    needs: [provider?.jwks, provider?.discovery].flatMap((address) => address ? upstreamFacts(address) : []),
    gives: [...IDENTITY_FACTS, "jwt:*"],
  }),
  warnings: jwtWarnings,
  secretNames: (plan) => placeNames(plan.in),
  secretFault: (plan, _at, value) => keyFault(plan, value),
  describe(plan) {
    const { issuer, audience, keep } = plan;
    const of = issuer.length === 0 ? "" : ` of ${issuer.join(" or ")}`;
    const whom = audience === "any" ? "for anybody" : `for ${audience.join(" or ")}`;
    return `jwt${of} ${whom}: ${keysAt(plan)}${keep ? "" : ", not kept"}`;
  },
  authenticator(plan, env, id) {
    const { in: places, algorithms, sent, groups, realm, failures, cache, keep } = plan;
    return new TokenAuthenticator({
      places: tokenPlaces(places),
      algorithms: new Set(algorithms),
      keys: keySourceOf(plan, env, id),
      terms: plan,
      sent,
      groups,
      refusals: tokenRefusals(realm),
      failures: failures === null ? null : env.state(`${id}/failures`, failures, () => new FailureLimit(failures)),
      cache,
      keep,
    }, env);
  },
});
