/**
 * The `introspect` policy: lets those pass whose token its issuer calls active, and finds out who they are.
 *
 * @module
 */

import type { BuildEnv } from "../../core/build_env.ts";
import { type Policy, type PolicyWarning, recordPolicy } from "../../core/policy.ts";
import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";
import { Service } from "../service/service.ts";
import { type ServiceOption, type UpstreamFact, upstreamFacts } from "../service/service_address.ts";
import { IDENTITY_FACTS, type IdentityDefinition, identityDefinition, type IdentityFact } from "./authenticator.ts";
import type { ClaimPath } from "./claims/claim_path.ts";
import { placeNames } from "./credential/place_names.ts";
import { FailureLimit } from "./failure_limit.ts";
import { IntrospectAuthenticator } from "./introspect/introspect_authenticator.ts";
import { IntrospectionProvider } from "./introspect/provider.ts";
import { type IntrospectPlan, introspectSchema } from "./introspect_schema.ts";
import { type TokenPlace, tokenPlaces } from "./jwt/token_places.ts";

/** Bytes of an answer: more than one token has to say. */
const MOST_BYTES = 64 * 1024;

/** Hosts that nobody in between can listen to. */
const OWN = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/** Options of {@link introspect}. */
export interface IntrospectOptions<U extends string = string> {
  /** Where the provider is asked about tokens (RFC 7662 §2): a URL, or a path of an upstream. */
  readonly endpoint: ServiceOption<U>;
  /** The id that the provider has given to the gateway. */
  readonly clientId: string;
  /** The secret that goes with it. */
  readonly clientSecret: Secret;
  /**
   * Where id and secret stand: in `Authorization`, or in the form beside the token.
   *
   * @default "basic"
   */
  readonly authentication?: "basic" | "post";
  /**
   * Where clients put the token; `"header:authorization"` has `Bearer` before it. A request with two tokens is refused.
   * Those in the query end up in the logs of whoever sees the URL, so `check` warns.
   *
   * @default "header:authorization"
   */
  readonly in?: TokenPlace | readonly TokenPlace[];
  /**
   * What `iss` must be, letter by letter. Several: one of them. An answer without it is refused then.
   *
   * @default anything, or nothing: it is the provider that is asked
   */
  readonly issuer?: string | readonly string[];
  /**
   * Whom tokens must be for: one of these must be `aud`, or among its values. Without it, a token that was issued for
   * another service opens this one too.
   *
   * @default anybody
   */
  readonly audience?: string | readonly string[];
  /**
   * Members of the answer that the upstream is told, by request header: `{ "x-user-id": "sub", "x-scope": "scope" }`. Texts
   * are sent as UTF-8, lists and objects as JSON. What clients send under these names is removed from every request.
   *
   * @default none
   */
  readonly claims?: { readonly [header: string]: ClaimPath };
  /**
   * The member of the answer that holds the groups, or the names on the way to it.
   *
   * @default "groups"
   */
  readonly groups?: ClaimPath;
  /**
   * Answers that are remembered. For `ttl`, to an hour and never beyond its `exp`, a token stays good that was revoked;
   * `size` of them, some 2 KB each. For `negative`, to a minute, one that is not active is not asked about again. `false`:
   * the provider is asked for each request.
   *
   * @default { size: 10_000, ttl: "60s", negative: "10s" }
   */
  readonly cache?: { readonly size?: number; readonly ttl?: Duration; readonly negative?: Duration } | false;
  /**
   * How long the provider may take, to 50 ms; up to a minute.
   *
   * @default "5s"
   */
  readonly timeout?: Duration;
  /**
   * Bad tokens that one client, an IPv6 one by its /64, may show at once; as many come back in `per`. Beyond it a 429
   * answers, and the provider is asked about no token of the client but those that were active before. `false`: no limit.
   *
   * @default { limit: 100, per: "1m" }
   */
  readonly failures?: { readonly limit: number; readonly per: Duration } | false;
  /**
   * What `WWW-Authenticate` calls that which is protected.
   *
   * @default "gateway"
   */
  readonly realm?: string;
  /**
   * Whether the token goes on to the upstream, which can then use it as its client could.
   *
   * @default false
   */
  readonly keep?: boolean;
}

/**
 * Lets requests pass that carry a token which the provider calls active (RFC 7662). Others get 401 with
 * `WWW-Authenticate`. While the provider is away, slow or talks nonsense, those pass who are remembered, and others get 503.
 * Tokens that are bound to a key of their holder (`cnf`, DPoP) and refresh tokens are refused.
 *
 * What comes behind knows the members of the answer as `jwt:…`, and the consumer whose subject it is.
 *
 * @example
 * ```ts
 * import { introspect, secret } from "gatewright";
 *
 * const policy = introspect({
 *   endpoint: "https://id.example/oauth2/introspect",
 *   clientId: "gateway",
 *   clientSecret: secret.env("INTROSPECTION_SECRET"),
 *   audience: "orders",
 *   claims: { "x-user-id": "sub" },
 * });
 * console.log(policy.kind); // introspect
 * ```
 */
export function introspect<const U extends string = never>(
  options: IntrospectOptions<U>,
): Policy<"introspect", UpstreamFact<U>, IdentityFact | `jwt:${string}`> {
  return recordPolicy(introspectDefinition, options);
}

/** The `introspect` policy's options, its facts and what it is built into. */
export const introspectDefinition: IdentityDefinition<IntrospectPlan> = identityDefinition({
  kind: "introspect",
  schema: introspectSchema,
  facts: ({ endpoint }) => ({ needs: upstreamFacts(endpoint), gives: [...IDENTITY_FACTS, "jwt:*"] }),
  secretNames: (plan) => placeNames(plan.in),
  secretFault: (_, __, value) =>
    value === "" ? { message: "this secret is empty", remedy: "the client's secret" } : null,
  warnings: (plan) => [...inTheOpen(plan), ...inTheQuery(plan)],
  describe({ endpoint: { to, path }, audience, keep }) {
    const whom = audience.length === 0 ? "" : ` for ${audience.join(" or ")}`;
    return `introspect at ${to}${path}${whom}${keep ? ", kept" : ""}`;
  },
  authenticator(plan, env, id) {
    const { endpoint, clientId, authentication, issuer, audience, sent, groups, cache, failures, realm, keep } = plan;
    const service = new Service(env, endpoint, { timeout: plan.timeout, most: MOST_BYTES });
    const client = { id: clientId, secret: secretOf(plan, env, id), authentication };
    return new IntrospectAuthenticator({
      places: tokenPlaces(plan.in),
      provider: new IntrospectionProvider(service, client),
      terms: { issuer, audience, sent },
      groups,
      cache,
      failures: failures === null ? null : env.state(`${id}/failures`, failures, () => new FailureLimit(failures)),
      realm,
      keep,
    }, env);
  },
});

function secretOf({ clientSecret }: IntrospectPlan, env: BuildEnv, id: string): string {
  const read = env.secrets(clientSecret);
  if ("error" in read) throw new Error(`policy ${id}: clientSecret cannot be had: ${read.error}`);
  return read.value;
}

function inTheOpen({ endpoint: { upstream, scheme, authority, to, path } }: IntrospectPlan): PolicyWarning[] {
  if (upstream !== null || scheme === "https" || OWN.test(authority)) return [];
  const message = "who is on the way there reads tokens and clientSecret, and can call every token active";
  return [{ at: ["endpoint"], message, seen: to + path, remedy: "an https URL" }];
}

function inTheQuery({ in: places }: IntrospectPlan): PolicyWarning[] {
  return places.flatMap((place, i): PolicyWarning[] => {
    if (!place.startsWith("query:")) return [];
    const message = "a token in the query ends up in the logs and histories of everybody who sees the URL";
    return [{ at: places.length === 1 ? ["in"] : ["in", i], message, seen: place, remedy: '"header:authorization"' }];
  });
}
