/** The cookie that leads a client back to its endpoint. @module */

import { createHmac } from "node:crypto";
import type { Exchange } from "../../core/exchange.ts";
import type { StickyPlan } from "../upstream_plan.ts";
import { cookieValues } from "./cookie_values.ts";

/**
 * Makes and reads an upstream's sticky cookies. A cookie's value is a signature of the upstream's name and the endpoint's
 * id: it tells a client nothing of addresses, nobody else can make one, and it holds for as long as secret, upstream and
 * endpoint are the same, whatever else of the config changes. Signatures are made once for each endpoint; a request's
 * cookie is looked up among them.
 */
export class StickyCookie {
  readonly #upstream: string;
  readonly #secret: string;
  readonly #cookie: string;
  readonly #attributes: string;
  /** Ids by signature, and signatures by id. */
  #ids = new Map<string, string>();
  #tokens = new Map<string, string>();

  /** @param secret what the plan's secret stands for; not empty */
  constructor(upstream: string, plan: StickyPlan, secret: string) {
    this.#upstream = upstream;
    this.#secret = secret;
    this.#cookie = plan.cookie;
    const age = plan.ttl === null ? "" : `; Max-Age=${Math.ceil(plan.ttl / 1000)}`;
    this.#attributes = `; Path=/; HttpOnly; SameSite=Lax${age}`;
  }

  /** Says which endpoints there are: at the start, and when discovery finds others. Cookies of those gone count no more. */
  setEndpoints(ids: Iterable<string>): void {
    const known = this.#tokens;
    this.#ids = new Map();
    this.#tokens = new Map();
    for (const id of ids) {
      const token = known.get(id) ?? this.#sign(id);
      this.#ids.set(token, id);
      this.#tokens.set(id, token);
    }
  }

  /** The id of the endpoint that the request's cookie names; of several cookies, the first that is genuine. */
  endpointOf(exchange: Exchange): string | null {
    const header = exchange.headers.get("cookie");
    if (header === null) return null;
    // A look-up does not take the same time for every guess, but what could be learned is a place at one endpoint.
    for (const value of cookieValues(header, this.#cookie)) {
      const id = this.#ids.get(value);
      if (id !== undefined) return id;
    }
    return null;
  }

  /**
   * The value of `Set-Cookie` (RFC 6265 §4.1) for a client that is led to this endpoint.
   * @param id of an endpoint there is; of another, the cookie is right but counts for nothing until the endpoint is there
   * @param secure whether the client came over https
   */
  setCookie(id: string, secure: boolean): string {
    const token = this.#tokens.get(id) ?? this.#sign(id);
    return `${this.#cookie}=${token}${this.#attributes}${secure ? "; Secure" : ""}`;
  }

  #sign(id: string): string {
    return createHmac("sha256", this.#secret).update(`${this.#upstream}\0${id}`).digest("base64url");
  }
}
