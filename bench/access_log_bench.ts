/**
 * What the access log costs a request: the line alone, and the line through the batching writer into a file.
 *
 * @module
 */
import { systemClock } from "../src/core/clock.ts";
import { Events, type RequestCompleted } from "../src/core/events.ts";
import { silentLog } from "../src/core/log.ts";
import { systemRandom } from "../src/core/random.ts";
import { accessLines } from "../src/telemetry/access_log/access_line.ts";
import { startAccessLog } from "../src/telemetry/access_log/access_log.ts";
import type { LogSink } from "../src/telemetry/lines/log_sink.ts";
import type { AccessLogPlan } from "../src/telemetry/telemetry_plan.ts";
import { USUAL_REDACTIONS } from "../src/telemetry/access_log/usual_redactions.ts";
import { completed } from "../tests/support/completed.ts";

const EVENTS: RequestCompleted[] = Array.from({ length: 512 }, (_, i) =>
  completed({
    method: "GET",
    path: `/api/users/${i}/orders`,
    host: "api.example.com",
    route: "GET /api/users/:id/orders",
    duration: 0.5 + i * 0.137,
    bytesOut: 207 + i,
    endpoint: "users/http://127.0.0.1:9001",
    attempts: 1,
    requestId: `0f3c9a77b1e24d5${i}`,
    client: `10.1.2.${i & 255}`,
  }));
const HOSTILE: RequestCompleted[] = EVENTS.map((event, i) => ({ ...event, path: `/"\\\u2028${i}` }));

/** Counts bytes: what remains is the gateway's own part, without the system's. */
const counting: LogSink & { bytes: number } = {
  bytes: 0,
  write(bytes) {
    this.bytes += bytes.length;
    return Promise.resolve();
  },
  close() {},
};

/** Requests in one measured run. */
const RUN = 1000;

const PLAN: AccessLogPlan = {
  to: "stdout",
  format: "json",
  fields: null,
  headers: { request: [], response: [] },
  query: false,
  redact: USUAL_REDACTIONS,
  sample: 1,
  slow: null,
  errors: true,
};

const line = accessLines(PLAN, systemClock);
let at = 0;
Deno.bench("access log: 1000 lines, text only", { group: "access log", baseline: true }, () => {
  let length = 0;
  for (let i = 0; i < RUN; i++) length += line(EVENTS[at++ & 511]).length;
  counting.bytes += length;
});

Deno.bench("access log: 1000 lines that need escaping, text only", { group: "access log" }, () => {
  let length = 0;
  for (let i = 0; i < RUN; i++) length += line(HOSTILE[at++ & 511]).length;
  counting.bytes += length;
});

/** The usual line's variants, and the other formats. */
const OTHERS: Readonly<Record<string, Partial<AccessLogPlan>>> = {
  "query, 2 fields, slow": {
    query: true,
    headers: { request: ["user-agent"], response: ["content-type"] },
    slow: 1000,
  },
  "12 chosen members": {
    fields: [
      ...["ts", "method", "host", "path", "route", "status", "duration"] as const,
      ...["bytesOut", "upstream", "requestId", "traceId", "client"] as const,
    ],
  },
  "combined": { format: "combined" },
};
for (const [name, plan] of Object.entries(OTHERS)) {
  const other = accessLines({ ...PLAN, ...plan }, systemClock);
  Deno.bench(`access log: 1000 lines, text only, ${name}`, { group: "access log" }, () => {
    let length = 0;
    for (let i = 0; i < RUN; i++) length += other(EVENTS[at++ & 511]).length;
    counting.bytes += length;
  });
}

const events = new Events();
const accessLog = startAccessLog(PLAN, [], counting, {
  events,
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
});
Deno.bench("access log: 1000 events to encoded batches", { group: "access log" }, async () => {
  for (let i = 0; i < RUN; i++) events.emit("request.completed", EVENTS[at++ & 511]);
  await accessLog.flush();
});

Deno.bench("JSON.stringify of 1000 events, for comparison", { group: "access log" }, () => {
  let length = 0;
  for (let i = 0; i < RUN; i++) length += JSON.stringify(EVENTS[at++ & 511]).length;
  counting.bytes += length;
});
