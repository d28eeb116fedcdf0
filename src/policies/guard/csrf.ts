/**
 * The `csrf` policy: keeps out what a page of somebody else makes its visitor's browser send (cross-site request forgery).
 * It goes by what browsers themselves say of a request (W3C Fetch Metadata), and needs no tokens.
 *
 * @module
 */

import type { Exchange } from "../../core/exchange.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import { type CsrfPlan, csrfSchema } from "./csrf_schema.ts";
import { type Denial, denied } from "./denied.ts";
import { type OriginFunction, type OriginRule, originTest, originText } from "./origin_rule.ts";
import { originWarnings } from "./origin_warnings.ts";
import { isOwnOrigin } from "./own_origin.ts";

/** Methods that ask for nothing to be done (RFC 9110 §9.2.1); no engine lets TRACE in. */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const DENIED = {
  code: "cross_site_request",
  detail: "Pages of other sites may not send this request.",
};
const CROSS_SITE: Denial = { ...DENIED, reason: "the browser says that the request comes from another site" };
const OTHER_ORIGIN: Denial = { ...DENIED, reason: "the request's origin is neither the gateway's own nor trusted" };

/** Options of {@link csrf}. */
export interface CsrfOptions {
  /**
   * Other origins whose pages may send such requests, as with `cors`: the app's, where it is served from another host.
   *
   * @default none but the gateway's own
   */
  readonly origins?: OriginRule | readonly OriginRule[] | OriginFunction;
  /**
   * Whether pages of the same site are trusted: `https://shop.example.com` for `https://api.example.com`, and whoever else
   * has a sub-domain there. Where browsers do not tell it (see {@link csrf}), `origins` decides.
   *
   * @default false
   */
  readonly sameSite?: boolean;
}

/**
 * Refuses cross-site requests with 403 and `cross_site_request`. GET, HEAD and OPTIONS pass, but for the handshakes of
 * WebSockets, which are GET requests that every page can bring about. Of the others pass: those with
 * `Sec-Fetch-Site: same-origin` or `none`; those without that field whose `Origin` is the gateway's own host, or trusted;
 * and those with neither field, as they come from no browser and carry nobody's cookies by accident.
 *
 * Browsers from before 2023 do not send `Sec-Fetch-Site`, and none does without TLS, except to localhost. There, forms of
 * pages with `Referrer-Policy: no-referrer`, the default of `securityHeaders`, come with `Origin: null` and are refused:
 * give such pages `same-origin`.
 *
 * The gateway's own host is the request's `Host`; behind a trusted proxy also what it says in `X-Forwarded-Host` or
 * `Forwarded`. With a proxy that is not trusted and changes the `Host`, name the own origin in `origins`.
 *
 * @example
 * ```ts
 * import { csrf } from "gatewright";
 *
 * const policy = csrf({ origins: "https://app.example.com" });
 * console.log(policy.kind); // csrf
 * ```
 */
export function csrf(options: CsrfOptions = {}): Policy<"csrf", never, never> {
  return recordPolicy(csrfDefinition, options);
}

/** The `csrf` policy's options and what it is built into. */
export const csrfDefinition: PolicyDefinition<CsrfPlan> = {
  kind: "csrf",
  schema: csrfSchema,
  warnings: ({ origins }) => originWarnings(origins, "origins", true),
  describe({ origins, sameSite }) {
    const who = typeof origins === "function" ? ["those that a function knows"] : origins.map(originText);
    return `csrf: own origin${sameSite ? ", same site" : ""}${who.map((text) => `, ${text}`).join("")}`;
  },
  build({ origins, sameSite }, env, id) {
    const trusts = originTest(origins, env.log, id);
    return (next) => (exchange) => {
      const denial = SAFE.has(exchange.method) && exchange.upgrade === "" ? null : judge(exchange);
      return denial === null ? next(exchange) : denied(exchange, denial);
    };

    function judge(exchange: Exchange): Denial | null {
      const site = exchange.headers.get("sec-fetch-site"), origin = exchange.headers.get("origin");
      if (site === "same-origin" || site === "none" || (sameSite && site === "same-site")) return null;
      if (origin === null) return site === null ? null : CROSS_SITE;
      if (trusts(origin, exchange)) return null;
      if (site !== null) return CROSS_SITE;
      return isOwnOrigin(exchange, origin) ? null : OTHER_ORIGIN;
    }
  },
};
