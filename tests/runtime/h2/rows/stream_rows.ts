/** RFC 9113 §5 and §6.9: states of streams, and windows. @module */

import * as f from "../frames.ts";
import { answered, CLOSED, FLOW, goaway, PROTOCOL, REFUSED, type Row, row, rst } from "./row.ts";

const DONE = (stream: number) => f.get(stream);
const MOST = 2 ** 31 - 1;

export const STREAMS: readonly Row[] = [
  row("5.1", "idle: DATA", [f.data(1, "x")], [goaway(PROTOCOL)]),
  row("5.1", "idle: WINDOW_UPDATE", [f.windowUpdate(1, 1)], [goaway(PROTOCOL)]),
  row("5.1", "half-closed: DATA", [f.get(1, "/held"), f.data(1, "x")], [rst(1, CLOSED)]),
  row("5.1", "half-closed: HEADERS", [f.get(1, "/held"), f.get(1)], [rst(1, CLOSED)]),
  row("5.1", "half-closed: WINDOW_UPDATE", [f.get(1), f.windowUpdate(1, 1)], answered(1)),
  row("5.1", "half-closed: PRIORITY", [f.get(1), f.frame(f.PRIORITY, 0, 1, f.bytes(f.uint32(0), 1))], answered(1)),
  row("5.1", "half-closed: RST_STREAM", [f.get(1, "/held"), f.reset(1)], []),
  row("5.1", "closed by the client's reset: DATA", [f.post(1, "/held"), f.reset(1), f.data(1, "x")], [rst(1, CLOSED)]),
  row("5.1", "closed by the client's reset: HEADERS", [f.post(1, "/held"), f.reset(1), f.get(1)], [goaway(CLOSED, 1)]),
  row("5.1", "closed by the client's reset: CONTINUATION", [
    f.post(1, "/held"),
    f.reset(1),
    f.frame(f.CONTINUATION, f.END_HEADERS, 1),
  ], [goaway(PROTOCOL, 1)]),
  row("5.1", "closed by our reset: what was under way is let pass", [
    f.post(1, "/", ["connection", "close"]),
    f.data(1, "x"),
    f.windowUpdate(1, 1),
    f.reset(1),
    f.frame(f.HEADERS, f.END | f.END_HEADERS, 1, f.block(["x-trailer", "1"])),
    f.get(3),
  ], [rst(1, PROTOCOL), ...answered(3)]),
  row("5.1.1", "an even stream", [f.get(2)], [goaway(PROTOCOL)]),
  row("5.1.1", "a stream lower than the last", [DONE(5), f.get(3)], [goaway(CLOSED, 5)]),
  row("5.1.1", "streams may be left out", [f.get(1), f.get(9)], [
    "HEADERS 1 200",
    "HEADERS 9 200",
    "DATA 1 5 END",
    "DATA 9 5 END",
  ]),
  row("5.1.2", "one stream more than may be open", Array.from({ length: 129 }, (_, i) => f.get(2 * i + 1, "/held")), [
    rst(257, REFUSED),
  ]),
  row("5.3.1", "HEADERS that depend on themselves", [
    f.frame(f.HEADERS, f.END | f.END_HEADERS | f.PRIO, 1, f.bytes(f.uint32(1), 7, f.block(...f.pseudo()))),
  ], [goaway(PROTOCOL)]),
  row("5.3.1", "PRIORITY that depends on itself", [f.frame(f.PRIORITY, 0, 1, f.bytes(f.uint32(1), 7))], [
    rst(1, PROTOCOL),
  ]),
  row("6.9", "WINDOW_UPDATE of 0 on the connection", [f.windowUpdate(0, 0)], [goaway(PROTOCOL)]),
  row("6.9", "WINDOW_UPDATE of 0 on a stream", [f.get(1, "/held"), f.windowUpdate(1, 0)], [rst(1, PROTOCOL)]),
  row("6.9.1", "a connection's window above 2^31-1", [f.windowUpdate(0, MOST)], [goaway(FLOW)]),
  row("6.9.1", "a stream's window above 2^31-1", [f.get(1, "/held"), f.windowUpdate(1, MOST)], [rst(1, FLOW)]),
  row(
    "6.9.1",
    "windows of 2^31-1",
    [f.windowUpdate(0, MOST - 65535), f.get(1), f.windowUpdate(1, MOST - 65535)],
    answered(1),
  ),
  row("6.9.1", "a window of one byte at a time", [
    f.settings([4, 1]),
    f.get(1),
    f.windowUpdate(1, 1),
  ], ["SETTINGS ACK", "HEADERS 1 200", "DATA 1 2"]),
  row("6.9.2", "a first window of 0", [f.settings([4, 0]), f.get(1)], ["SETTINGS ACK", "HEADERS 1 200"]),
  row("6.9.2", "another first window holds for open streams", [f.settings([4, 0]), f.get(1), f.settings([4, 5])], [
    "SETTINGS ACK",
    "SETTINGS ACK",
    "HEADERS 1 200",
    "DATA 1 5 END",
  ]),
  row("6.9.2", "a first window that makes a stream's too large", [
    f.get(1, "/held"),
    f.windowUpdate(1, MOST - 65535),
    f.settings([4, 65536]),
  ], ["SETTINGS ACK", goaway(FLOW, 1)]),
  row("6.9", "a first window of 0, and an answer without content", [f.settings([4, 0]), f.get(1, "/empty")], [
    "SETTINGS ACK",
    "HEADERS 1 200 END",
  ]),
  row("6.9", "DATA beyond a stream's window", [
    f.post(1, "/held"),
    ...Array.from({ length: 17 }, () => f.data(1, "x".repeat(16384))),
  ], [rst(1, FLOW)]),
  row("6.9", "DATA beyond the connection's window", [
    ...[1, 3, 5, 7, 9].map((stream) => f.post(stream, "/held")),
    ...[1, 3, 5, 7, 9].flatMap((stream) => Array.from({ length: 13 }, () => f.data(stream, "x".repeat(16384)))),
  ], [goaway(FLOW, 9)]),
];
