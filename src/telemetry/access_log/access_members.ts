/** The access log in JSON, with members that somebody has chosen. @module */

import type { Clock } from "../../core/clock.ts";
import type { RequestCompleted } from "../../core/events.ts";
import type { AccessField } from "./access_fields.ts";
import { jsonText } from "../lines/json_text.ts";
import { threeDecimals } from "./milliseconds.ts";
import { Pieces } from "./pieces.ts";
import { timestamps } from "../lines/timestamp.ts";

/** A member; `""` where there is nothing to tell. */
type Member = (event: RequestCompleted) => string;

/**
 * Makes a formatter of lines with these members in this order. Those that the usual line has only at times are left out
 * here too where they say nothing.
 *
 * @param extras what comes behind them, each with its comma
 */
export function accessMembers(fields: readonly AccessField[], clock: Clock, extras: Member): Member {
  const known = members(clock), chosen = fields.map((field) => known[field]);
  return (event) => {
    let line = "";
    for (const member of chosen) {
      const text = member(event);
      if (text !== "") line += (line === "" ? "{" : ",") + text;
    }
    const more = extras(event);
    return line === "" ? "{" + more.slice(1) + "}\n" : line + more + "}\n";
  };
}

function members(clock: Clock): Readonly<Record<AccessField, Member>> {
  const now = timestamps(clock);
  const hosts = new Pieces('"host":"', '"'),
    routes = new Pieces('"route":"', '"'),
    ends = new Pieces('"upstream":"', '"');
  return {
    ts: () => '"ts":"' + now() + '"',
    method: (e) => text("method", e.method),
    scheme: (e) => text("scheme", e.exchange.scheme),
    host: (e) => hosts.of(e.host),
    path: (e) => text("path", e.path),
    protocol: (e) => text("protocol", "HTTP/" + e.exchange.httpVersion),
    route: (e) => routes.of(e.route),
    status: (e) => '"status":' + e.status,
    duration: (e) => '"duration":' + threeDecimals(e.duration),
    bytesIn: (e) => '"bytesIn":' + e.bytesIn,
    bytesOut: (e) => '"bytesOut":' + e.bytesOut,
    upstream: (e) => ends.of(e.endpoint),
    attempts: (e) => '"attempts":' + e.attempts,
    requestId: (e) => text("requestId", e.requestId),
    traceId: (e) => some("traceId", e.traceId),
    client: (e) => text("client", e.client),
    auth: (e) => some("auth", e.auth),
    identity: (e) => some("identity", e.identity),
    reason: (e) => some("reason", e.reason),
    limit: (e) => some("limit", e.limit),
    cache: (e) => some("cache", e.cache),
    error: (e) => some("error", e.error),
  };
}

function text(name: AccessField, value: string): string {
  return '"' + name + '":"' + jsonText(value) + '"';
}

function some(name: AccessField, value: string): string {
  return value === "" ? "" : text(name, value);
}
