/** One finished request as one line of the access log. @module */

import type { Clock } from "../../core/clock.ts";
import type { RequestCompleted } from "../../core/events.ts";
import { accessExtras } from "./access_extras.ts";
import { accessMembers } from "./access_members.ts";
import { apacheLines } from "./apache_line.ts";
import { jsonText } from "../lines/json_text.ts";
import { threeDecimals } from "./milliseconds.ts";
import { Pieces } from "./pieces.ts";
import type { AccessLogPlan } from "../telemetry_plan.ts";
import { timestamps } from "../lines/timestamp.ts";

/** Makes a line, its `\n` included. It is pure ASCII: strings come from strangers, and are escaped. */
export type AccessLine = (event: RequestCompleted) => string;

/** Makes the formatter of an access log. */
export function accessLines(plan: AccessLogPlan, clock: Clock): AccessLine {
  if (plan.format !== "json") return apacheLines(plan, clock);
  const extras = accessExtras(plan);
  return plan.fields === null ? usualLines(clock, extras) : accessMembers(plan.fields, clock, extras ?? (() => ""));
}

/**
 * The usual members: `ts`, `method`, `host`, `path`, `route`, `status`, `duration` (milliseconds, three decimals),
 * `bytesIn`, `bytesOut`, `upstream` (id of the endpoint), `attempts`, `requestId`, and `traceId`, `client`, `auth`,
 * `identity`, `reason`, `limit`, `cache` and `error` where there is one. Written out: most gateways print this line, and as
 * a list of members it takes twice the time.
 */
function usualLines(clock: Clock, extras: ((event: RequestCompleted) => string) | null): AccessLine {
  const now = timestamps(clock);
  const hosts = new Pieces('","host":"', '","path":"');
  const routes = new Pieces('","route":"', '","status":');
  const endpoints = new Pieces(',"upstream":"', '","attempts":');
  return (e) =>
    '{"ts":"' + now() + '","method":"' + jsonText(e.method) + hosts.of(e.host) + jsonText(e.path) +
    routes.of(e.route) + e.status + ',"duration":' + threeDecimals(e.duration) + ',"bytesIn":' + e.bytesIn +
    ',"bytesOut":' + e.bytesOut + endpoints.of(e.endpoint) + e.attempts + ',"requestId":"' + jsonText(e.requestId) +
    (e.traceId === "" ? '","client":"' : '","traceId":"' + e.traceId + '","client":"') + jsonText(e.client) +
    (e.auth === "" ? "" : '","auth":"' + e.auth) +
    (e.identity === "" ? "" : '","identity":"' + jsonText(e.identity)) +
    (e.reason === "" ? "" : '","reason":"' + jsonText(e.reason)) +
    (e.limit === "" ? "" : '","limit":"' + e.limit) +
    (e.cache === "" ? "" : '","cache":"' + e.cache) +
    (e.error === "" ? "" : '","error":"' + jsonText(e.error)) +
    (extras === null ? '"}\n' : '"' + extras(e) + "}\n");
}
