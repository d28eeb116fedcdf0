/** Balancers of one's own. @module */

import type { Client } from "../../core/exchange.ts";
import type { Endpoint } from "../endpoint.ts";

/** What a balancer may know of a request. */
export interface BalancerRequest {
  readonly method: string;
  /** The canonical path. */
  readonly path: string;
  /** The query as sent, with its `?`; `""` without one. */
  readonly query: string;
  /** In lower case, without port. */
  readonly host: string;
  readonly client: Client;
  readonly requestId: string;
  /** The request's fields; names in lower case. */
  readonly headers: { get(name: string): string | null };
}

/** A balancer made by {@link defineBalancer}. It prints as `{ name }`. */
export interface CustomBalancer {
  readonly name: string;
  /**
   * Called once for each upstream that uses it. It returns the function that picks, which answers at once: it is called
   * for every try, retries included. The list is frozen, and is the same array until something about an endpoint changes.
   */
  readonly create: () => (eligible: readonly Endpoint[], request: BalancerRequest) => Endpoint;
}

/**
 * A balancer of one's own, for `balance`. `create` is called once for each upstream; the function that it returns picks
 * one of the endpoints that may be tried, of which there is at least one. What it throws, or an endpoint that is not in
 * the list, is a 500 for that request.
 *
 * @example
 * ```ts
 * import { defineBalancer, defineGateway } from "gatewright";
 *
 * const first = defineBalancer({ name: "first", create: () => (eligible) => eligible[0] });
 *
 * export default defineGateway({
 *   upstreams: { api: { endpoints: ["http://127.0.0.1:9001", "http://127.0.0.1:9002"], balance: first } },
 *   routes: [{ path: "/*", upstream: "api" }],
 * });
 * ```
 */
export function defineBalancer(balancer: CustomBalancer): CustomBalancer {
  return Object.freeze({ ...balancer });
}
