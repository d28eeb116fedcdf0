/** Limits on waiting for an upstream. @module */

import type { z } from "zod";
import { formatDuration } from "../../core/units.ts";
import { DEFAULT_TIMEOUTS } from "../../upstreams/default_upstream.ts";
import type { TimeoutsPlan } from "../../upstreams/upstream_plan.ts";
import { duration } from "../../settings/duration.ts";
import { fieldName } from "./field_name.ts";
import { said } from "./said.ts";
import { orOff, settings } from "../../settings/shapes.ts";

const EXPECTED = 'time-outs such as { head: "5s" }';
const LIMIT = "a duration";
const limit = () => duration({ zero: false });
const deadlineField = () => fieldName("x-request-timeout");
const or = (key: "connect" | "tls" | "head" | "idle") => formatDuration(DEFAULT_TIMEOUTS[key]);

const CONNECT = "For a TCP connection to be made.";
const TLS = "For the TLS handshake, after connect.";
const HEAD = "From the last byte of the request to the end of the response head.";
const IDLE = "Between two pieces of a body, in either direction.";
const ATTEMPT = "One try, to the head of its answer.";
const TOTAL = "Everything: all tries, and the answer to its last byte.";
const DEADLINE = "Field of the request in which a client says how long it waits; it may shorten total.";

/** An upstream's, with every default. */
export const upstreamTimeoutsSchema: z.ZodType<TimeoutsPlan, unknown> = settings(EXPECTED, {
  connect: limit().prefault(or("connect")).describe(CONNECT),
  tls: limit().prefault(or("tls")).describe(TLS),
  head: limit().prefault(or("head")).describe(HEAD),
  idle: limit().prefault(or("idle")).describe(IDLE),
  attempt: limit().optional().describe(`${ATTEMPT} Default: no limit but the others.`),
  total: limit().optional().describe(`${TOTAL} Default: no limit.`),
  deadlineHeader: deadlineField().optional().describe(`${DEADLINE} Default: none is read.`),
}).transform(({ attempt, total, deadlineHeader, ...rest }): TimeoutsPlan => ({
  ...rest,
  attempt: attempt ?? null,
  total: total ?? null,
  deadlineHeader: deadlineHeader ?? null,
})).prefault({}).describe("Limits on waiting; a route may set its own, field by field.");

/** A route's: only what it says itself. */
export const routeTimeoutsSchema = settings(EXPECTED, {
  connect: limit().optional().describe(CONNECT),
  tls: limit().optional().describe(TLS),
  head: limit().optional().describe(HEAD),
  idle: limit().optional().describe(IDLE),
  attempt: orOff(LIMIT, limit()).optional().describe(`${ATTEMPT} false: no limit but the others.`),
  total: orOff(LIMIT, limit()).optional().describe(`${TOTAL} false: no limit.`),
  deadlineHeader: orOff("the name of a header", deadlineField()).optional().describe(
    `${DEADLINE} false: none is read.`,
  ),
}).transform(said).describe("Limits on waiting, field by field in place of the upstream's; false switches one off.");
