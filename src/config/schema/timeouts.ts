/** Limits on waiting for an upstream. @module */

import { duration } from "./duration.ts";
import { settings } from "./settings.ts";

const EXPECTED = 'time-outs such as { head: "5s" }';
const limit = () => duration({ zero: false });

const CONNECT = "For a TCP connection to be made.";
const TLS = "For the TLS handshake, after connect.";
const HEAD = "From the last byte of the request to the end of the response head.";
const IDLE = "Between two pieces of a body, in either direction.";

/** An upstream's, with every default. */
export const upstreamTimeoutsSchema = settings(EXPECTED, {
  connect: limit().prefault("2s").describe(CONNECT),
  tls: limit().prefault("3s").describe(TLS),
  head: limit().prefault("30s").describe(HEAD),
  idle: limit().prefault("60s").describe(IDLE),
}).prefault({}).describe("Limits on waiting; a route may set its own, field by field.");

/** A route's: only what it says itself. */
export const routeTimeoutsSchema = settings(EXPECTED, {
  connect: limit().optional().describe(CONNECT),
  tls: limit().optional().describe(TLS),
  head: limit().optional().describe(HEAD),
  idle: limit().optional().describe(IDLE),
}).describe("Limits on waiting, field by field in place of the upstream's.");
