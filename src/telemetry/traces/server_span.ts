/** What the span of a request says of it, by the semantic conventions of HTTP. @module */

import type { Exchange } from "../../core/exchange.ts";
import { NAMED_METHODS, OTHER_METHOD } from "../../core/named_methods.ts";
import type { RouteTracing, SpanAttributes } from "../../core/trace.ts";
import { isServerError } from "../failures.ts";

/** `GET /products/:id`; without the path where no route took it. */
export function serverSpanName(method: string, route: RouteTracing | null): string {
  const known = NAMED_METHODS.has(method) ? method : "HTTP";
  return route === null ? known : known + " " + route.path;
}

/** How a request ended. */
export interface Ended {
  readonly status: number;
  /** `null` where they are not all there yet. */
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
}

/** Everything that is known of a request at its end. Of its query nothing is told: secrets stand in queries. */
export function serverAttributes(exchange: Exchange, route: RouteTracing | null, ended: Ended): SpanAttributes {
  const { method, client } = exchange;
  const all: Record<string, string | number | boolean> = {
    "http.request.method": NAMED_METHODS.has(method) ? method : OTHER_METHOD,
    "url.path": exchange.path,
    "url.scheme": exchange.scheme,
    "server.address": exchange.host,
    "client.address": client.ip,
    "network.protocol.name": "http",
    "network.protocol.version": exchange.httpVersion,
    "http.response.status_code": ended.status,
    "gatewright.request_id": exchange.requestId,
  };
  if (ended.bytesIn !== null) all["http.request.body.size"] = ended.bytesIn;
  if (ended.bytesOut !== null) all["http.response.body.size"] = ended.bytesOut;
  if (!NAMED_METHODS.has(method)) all["http.request.method_original"] = method;
  if (client.peer !== client.ip) all["network.peer.address"] = client.peer;
  const port = portOf(exchange);
  if (port !== null) all["server.port"] = port;
  const agent = exchange.headers.get("user-agent");
  if (agent !== null) all["user_agent.original"] = agent;
  if (route !== null) {
    all["http.route"] = route.path;
    all["gatewright.route"] = route.id;
  }
  if (exchange.attempts > 0) all["gatewright.attempts"] = exchange.attempts;
  if (exchange.cache !== "") all["gatewright.cache"] = exchange.cache;
  if (exchange.limit !== "") all["gatewright.limit"] = exchange.limit;
  if (exchange.auth !== "") all["gatewright.auth"] = exchange.auth;
  const consumer = exchange.identity?.consumer;
  if (consumer !== undefined) all["gatewright.consumer"] = consumer;
  // A server's failure is told by whoever says that the span has failed.
  const { error } = exchange;
  if (error !== "" && !isServerError(error, ended.status)) all["error.type"] = error;
  return all;
}

/** The code of what went wrong, else the status of a server's failure, or `""`. */
export function errorType(error: string, status: number): string {
  return error !== "" || status < 500 ? error : String(status);
}

function portOf({ authority, scheme }: Exchange): number | null {
  const colon = authority.lastIndexOf(":");
  // In `[::1]` what comes after the last colon is no number.
  const port = colon < 0 ? NaN : Number(authority.slice(colon + 1));
  return Number.isInteger(port) && port > 0 ? port : scheme === "https" ? 443 : 80;
}
