/** How long a listener's clients may take, and how much they may ask. @module */

import { duration } from "../../settings/duration.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";

const KIB = 2 ** 10, MIB = 2 ** 20;
/** One pebibyte: more than any body has, and far from where numbers lose their last digits. */
const ENDLESS = 2 ** 50;

const limit = () => duration({ zero: false });
const count = (max = Number.MAX_SAFE_INTEGER) => wholeNumber(1, max);

/** A client's time-outs. */
export const timeoutsSchema = settings('time-outs such as { header: "5s" }', {
  header: limit().prefault("10s").describe("To the end of a request's head."),
  idle: limit().prefault("75s").describe("Between an answer and the next request on its connection."),
  body: limit().prefault("30s").describe("Between two pieces of a request's body."),
  write: limit().prefault("30s").describe("In which a client takes nothing of an answer that waits for it."),
  tunnel: limit().prefault("10m").describe("Without a byte of an upgraded connection, such as a WebSocket."),
}).prefault({}).describe("How long a client may take.");

/** A client's limits; that of the target depends on the head's. */
export const limitsSchema = settings('limits such as { body: "10MB" }', {
  headerBytes: size(KIB, MIB).prefault("32KiB").describe("Longest head of a request, in bytes; beyond it 431."),
  headerCount: count(10_000).prefault(100).describe("Most header fields of a request; beyond it 431."),
  target: size(1, MIB).optional()
    .describe("Longest path and query together, in bytes; beyond it 414. Default: 8KiB, or headerBytes if less."),
  body: size(1, ENDLESS).prefault("1GiB").describe("Longest request body; beyond it 413."),
  connections: count().prefault(10_000).describe("Most connections at a time; beyond it 503."),
  perClient: count().optional().describe(
    "Most connections at a time of one client's address; beyond it 503. Default: no limit.",
  ),
  inFlight: count().prefault(10_000).describe("Most requests under way; beyond it 503."),
  minRate: size(0, MIB).prefault("240B")
    .describe(
      "Bytes a second that a client must keep up after 30 seconds of waiting, sending or reading; 0 switches it off.",
    ),
}).prefault({}).describe("What a client may ask of this listener.");
