/**
 * The `forwardAuth` policy: a service decides who may pass, request by request.
 *
 * @module
 */

import type { FactsOf } from "../../core/facts.ts";
import type { Key } from "../../core/key.ts";
import { type Policy, type PolicyWarning, recordPolicy } from "../../core/policy.ts";
import { type Duration, formatDuration, type Size } from "../../core/units.ts";
import {
  describeKey,
  factsOfKey,
  type KeyFunction,
  type KeyOption,
  type KeySpec,
  keyTextReader,
} from "../keys/key_spec.ts";
import { Service } from "../service/service.ts";
import { type ServiceOption, type UpstreamFact, upstreamFacts } from "../service/service_address.ts";
import { IDENTITY_FACTS, type IdentityDefinition, identityDefinition, type IdentityFact } from "./authenticator.ts";
import { ForwardAuthenticator, type ForwardCache } from "./forward_auth/forward_authenticator.ts";
import { type ForwardAuthPlan, forwardAuthSchema } from "./forward_auth_schema.ts";

/** Hosts that nobody in between can pretend to be. */
const OWN = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/** A key that is known with a request's head, and that comes again. */
export type ForwardCacheKey = Exclude<Key, `form:${string}` | "request:id">;

/** Options of {@link forwardAuth}. */
export interface ForwardAuthOptions<
  U extends string = string,
  K extends ForwardCacheKey | KeyFunction = ForwardCacheKey | KeyFunction,
> {
  /** The service that decides: a URL, or a path of an upstream. */
  readonly to: ServiceOption<U>;
  /**
   * How it is asked. The body is never sent, nor its length: the client's method is in `X-Forwarded-Method`.
   *
   * @default "GET"
   */
  readonly method?: "GET" | "HEAD" | "POST";
  /**
   * Headers of the request that are sent along, beside `X-Forwarded-Method`, `-Uri` (path and query), `-Host`, `-Proto` and
   * `-For`, which the gateway writes itself.
   *
   * @default ["authorization", "cookie", "x-api-key", "accept", "accept-language", "user-agent", "origin", "referer"]
   */
  readonly requestHeaders?: readonly string[];
  /**
   * Headers of a good answer (200–299) that the upstream gets. What clients send under these names is removed from every
   * request, whether the answer has them or not.
   *
   * @default none
   */
  readonly responseHeaders?: readonly string[];
  /**
   * Headers of a good answer that the client gets with the answer to its request, in place of what that has under these
   * names: `["set-cookie"]` for sessions that the service renews. Cookies are added, and the answer is `no-store` then. Only
   * the client gets them whose request was asked about: an answer that is remembered has none.
   *
   * @default none
   */
  readonly clientHeaders?: readonly string[];
  /**
   * Headers of a refusal that the client gets, beside those of its body, `Vary` and `Cache-Control`, which is `no-store`
   * unless the service says otherwise.
   *
   * @default ["location", "www-authenticate", "set-cookie", "retry-after"]
   */
  readonly refusalHeaders?: readonly string[];
  /**
   * Headers of a good answer that say who is asking: `{ subject: "x-user", groups: "x-groups" }`; groups have commas
   * between them. They reach the upstream only as `responseHeaders`; what clients send under these names never does.
   *
   * @default nobody knows
   */
  readonly identity?: {
    readonly subject?: string;
    /** The name for `basic:user`. */
    readonly user?: string;
    readonly groups?: string;
    /** A name of `consumers`, or any other. */
    readonly consumer?: string;
  };
  /**
   * Good answers that are remembered; refusals never are. A request that has none of the keys is asked about each time.
   *
   * @default none: the service is asked for each request
   */
  readonly cache?: {
    /**
     * What tells one client's credential from another's: `"header:authorization"`, `"cookie:session"`. Of several the first
     * that a request has counts. Whoever has the key of another gets the answer of the other.
     */
    readonly key: KeySpec<K>;
    /** How long an answer is believed, to an hour: so long who was locked out still passes. */
    readonly ttl: Duration;
    /**
     * Whether an answer holds for every method, host, path and query: only for services that do not look at them.
     *
     * @default false
     */
    readonly everywhere?: boolean;
    /**
     * Answers that are remembered, some 500 bytes each.
     *
     * @default 10000
     */
    readonly size?: number;
  };
  /**
   * How long the service may take, to 50 ms; up to a minute.
   *
   * @default "5s"
   */
  readonly timeout?: Duration;
  /**
   * Longest body of an answer, up to 16 MiB: a longer one counts as none.
   *
   * @default "64KiB"
   */
  readonly maxAnswer?: Size;
}

/**
 * Asks a service whether a request may pass, as Traefik's ForwardAuth and nginx's `auth_request` do. 200–299 lets it pass.
 * 401, 403, 429 and redirects go to the client as the service answers them. Every other answer, and none in time, is a 503:
 * without the service nobody passes but those who are remembered.
 *
 * Inside `optional()`, a request without `Authorization` passes that the service answers with 401 or a redirect.
 *
 * @example
 * ```ts
 * import { forwardAuth } from "gatewright";
 *
 * const policy = forwardAuth({
 *   to: "http://auth.internal/check",
 *   responseHeaders: ["x-user"],
 *   identity: { subject: "x-user", groups: "x-groups" },
 *   cache: { key: ["header:authorization", "cookie:session"], ttl: "10s" },
 * });
 * console.log(policy.kind); // forwardAuth
 * ```
 */
export function forwardAuth<
  const U extends string = never,
  const K extends ForwardCacheKey | KeyFunction = never,
>(options: ForwardAuthOptions<U, K>): Policy<"forwardAuth", UpstreamFact<U> | FactsOf<K>, IdentityFact> {
  return recordPolicy(forwardAuthDefinition, options);
}

/** The `forwardAuth` policy's options, its facts and what it is built into. */
export const forwardAuthDefinition: IdentityDefinition<ForwardAuthPlan> = identityDefinition({
  kind: "forwardAuth",
  schema: forwardAuthSchema,
  facts: ({ to, cache }) => ({
    needs: [...upstreamFacts(to), ...cache === undefined ? [] : factsOfKey(cache.key)],
    gives: IDENTITY_FACTS,
  }),
  warnings: (plan) => [...inTheOpen(plan), ...ofEverybody(plan), ...unseen(plan)],
  describe({ to: { to, path }, cache }) {
    const kept = cache === undefined
      ? ""
      : `, remembered per ${describeKey(cache.key)} for ${formatDuration(cache.ttl)}`;
    return `forwardAuth at ${to}${path}${kept}`;
  },
  authenticator(plan, env) {
    const { to, method, requestHeaders, responseHeaders, clientHeaders, refusalHeaders, identity } = plan;
    const cache: ForwardCache | null = plan.cache === undefined
      ? null
      : { ...plan.cache, keyOf: keyTextReader(plan.cache.key, env.log) };
    return new ForwardAuthenticator({
      service: new Service(env, to, { timeout: plan.timeout, most: plan.maxAnswer }),
      method,
      requestHeaders,
      terms: { identity, responseHeaders, clientHeaders, refusalHeaders },
      cache,
    }, env);
  },
});

function inTheOpen({ to: { upstream, scheme, authority, to, path } }: ForwardAuthPlan): PolicyWarning[] {
  if (upstream !== null || scheme === "https" || OWN.test(authority) || isInside(authority)) return [];
  const message = "who is on the way there reads credentials, and can let everybody pass";
  return [{ at: ["to"], message, seen: to + path, remedy: "an https URL" }];
}

/** Names that no public DNS knows, and addresses that are not routed: the network is the operator's own. */
function isInside(authority: string): boolean {
  const host = authority.replace(/:\d+$/, "");
  return !host.includes(".") || /\.(?:internal|local|lan|home\.arpa|svc|cluster\.local)$/.test(host) ||
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host);
}

/** Keys that requests of several clients have in common. */
function ofEverybody({ cache }: ForwardAuthPlan): PolicyWarning[] {
  const shared = (key: string) => key === "global" || key === "route" || key === "ip" || /^(?:ip\/|param:)/.test(key);
  const wrong = keysOf(cache).find(shared);
  if (wrong === undefined) return [];
  const message = `with ${wrong} for a key, the answer for one client is given to others`;
  return [{ at: ["cache", "key"], message, seen: wrong, remedy: '"header:authorization" or "cookie:…"' }];
}

/** Keys that the service does not judge by: whoever has the same gets what somebody else's credential was good for. */
function unseen({ cache, requestHeaders }: ForwardAuthPlan): PolicyWarning[] {
  const fieldOf = (key: string) => key.startsWith("cookie:") ? "cookie" : /^header:(.+)$/.exec(key)?.[1].toLowerCase();
  const wrong = keysOf(cache).find((key) => {
    const field = fieldOf(key);
    return field !== undefined && !requestHeaders.includes(field);
  });
  if (wrong === undefined) return [];
  const message = `the service does not see ${wrong}, and cannot tell clients apart by it`;
  return [{ at: ["cache", "key"], message, seen: wrong, remedy: `${fieldOf(wrong)} among requestHeaders` }];
}

function keysOf(cache: ForwardAuthPlan["cache"]): readonly string[] {
  const key: KeyOption = cache?.key ?? [];
  return typeof key === "function" ? [] : key;
}
