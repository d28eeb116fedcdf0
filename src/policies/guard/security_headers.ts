/** The `securityHeaders` policy: response fields that tell browsers to be careful. @module */

import type { Exchange } from "../../core/exchange.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import type { Duration } from "../../core/units.ts";
import type { CspDirectives } from "./content_security_policy.ts";
import { onEveryReply } from "./on_every_reply.ts";
import { cameOverTls } from "./own_origin.ts";
import type { PermissionsPolicy } from "./permissions_policy.ts";
import {
  type EMBEDDER_POLICIES,
  type OPENER_POLICIES,
  type REFERRER_POLICIES,
  type RESOURCE_POLICIES,
  type SecurityHeadersPlan,
  securityHeadersSchema,
} from "./security_headers_schema.ts";

const HSTS = "strict-transport-security", SWITCHING_PROTOCOLS = 101;

/** `Strict-Transport-Security` (RFC 6797). */
export interface HstsOptions {
  /**
   * How long browsers come to this host over TLS only, up to ten years; `"0s"` ends it.
   *
   * @default "365d"
   */
  readonly maxAge?: Duration;
  /**
   * Whether that holds for all sub-domains, too: none of them may be without TLS then.
   *
   * @default true
   */
  readonly includeSubDomains?: boolean;
  /** Whether the domain may be built into browsers (hstspreload.org), which is hard to take back. @default false */
  readonly preload?: boolean;
}

/** A value of `Referrer-Policy`. */
export type ReferrerPolicy = typeof REFERRER_POLICIES[number];

/** Options of {@link securityHeaders}. `false` leaves a field out. The defaults are those of helmet and of OWASP. */
export interface SecurityHeadersOptions {
  /** Sent on answers over TLS only, be it that a trusted proxy ends it. @default {} */
  readonly hsts?: HstsOptions | false;
  /** `X-Content-Type-Options`: browsers do not guess types. @default "nosniff" */
  readonly contentTypeOptions?: "nosniff" | false;
  /**
   * `Referrer-Policy`: what links tell of the page; of a list, browsers take the last one that they know. With
   * `"no-referrer"`, forms are sent with `Origin: null`, which `csrf` refuses where there is no TLS.
   *
   * @default "no-referrer"
   */
  readonly referrerPolicy?: ReferrerPolicy | readonly ReferrerPolicy[] | false;
  /**
   * `X-Frame-Options`: who may show the answer in a frame. Where a content security policy has `frame-ancestors`, browsers
   * go by that.
   *
   * @default "SAMEORIGIN"
   */
  readonly frameOptions?: "SAMEORIGIN" | "DENY" | false;
  /** `Permissions-Policy`, as a text or by feature: `{ camera: [], geolocation: "self" }`. @default false */
  readonly permissionsPolicy?: string | PermissionsPolicy | false;
  /** `Cross-Origin-Opener-Policy`. A login in a pop-up window of another site needs `"same-origin-allow-popups"`. @default "same-origin" */
  readonly openerPolicy?: typeof OPENER_POLICIES[number] | false;
  /**
   * `Cross-Origin-Resource-Policy`: who may embed the answer without CORS. Images that other sites show need
   * `"cross-origin"`.
   *
   * @default "same-origin"
   */
  readonly resourcePolicy?: typeof RESOURCE_POLICIES[number] | false;
  /** `Cross-Origin-Embedder-Policy`. @default false */
  readonly embedderPolicy?: typeof EMBEDDER_POLICIES[number] | false;
  /**
   * `Content-Security-Policy`, as a text or by directive. There is none by default, as none fits every app:
   * `{ "default-src": "'self'", "frame-ancestors": "'none'" }` is a beginning.
   *
   * @default false
   */
  readonly contentSecurityPolicy?: string | CspDirectives | false;
  /** `Content-Security-Policy-Report-Only`: what a policy would do. @default false */
  readonly contentSecurityPolicyReportOnly?: string | CspDirectives | false;
  /** Fields that do not pass, whoever wrote them. @default ["server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version"] */
  readonly remove?: readonly string[] | false;
  /** Whether these replace what the upstream, or a policy further in, has set. @default false */
  readonly override?: boolean;
}

/**
 * Adds security fields to every answer, failures and refusals among them. What the upstream has set itself stays.
 *
 * @example
 * ```ts
 * import { securityHeaders } from "gatewright";
 *
 * const policy = securityHeaders({
 *   frameOptions: "DENY",
 *   contentSecurityPolicy: { "default-src": "'self'", "img-src": ["'self'", "data:"] },
 * });
 * console.log(policy.kind); // securityHeaders
 * ```
 */
export function securityHeaders(options: SecurityHeadersOptions = {}): Policy<"securityHeaders", never, never> {
  return recordPolicy(securityHeadersDefinition, options);
}

/** The `securityHeaders` policy's options and what it is built into. */
export const securityHeadersDefinition: PolicyDefinition<SecurityHeadersPlan> = {
  kind: "securityHeaders",
  schema: securityHeadersSchema,
  traits: () => ({ guard: false, preflight: "joins" }),
  describe({ fields, hsts, remove }) {
    const set = fields.length / 2 + (hsts === null ? 0 : 1);
    return `securityHeaders: ${set} set${remove.length === 0 ? "" : `, ${remove.length} removed`}`;
  },
  build({ fields, hsts, remove, override }, env) {
    return (next) => (exchange) => onEveryReply(env, next, exchange, (reply) => complete(exchange, reply));

    function complete(exchange: Exchange, reply: Reply): Reply {
      const { headers, status } = reply;
      if (status === SWITCHING_PROTOCOLS) return reply;
      for (const name of remove) headers.remove(name);
      for (let i = 0; i < fields.length; i += 2) put(reply, fields[i], fields[i + 1]);
      if (hsts !== null && cameOverTls(exchange)) put(reply, HSTS, hsts);
      return reply;
    }

    function put({ headers }: Reply, name: string, value: string): void {
      if (headers.has(name)) {
        if (!override) return;
        headers.remove(name);
      }
      headers.add(name, value);
    }
  },
};
