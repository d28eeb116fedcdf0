/** RFC 9113 §3, §4 and §6: the preface, and what each frame may look like. @module */

import * as f from "../frames.ts";
import { answered, CALM, FLOW, goaway, PROTOCOL, type Row, row, rst, SIZE } from "./row.ts";

const raw = (section: string, name: string, send: readonly Uint8Array[], expect: readonly string[]): Row => ({
  ...row(section, name, send, expect),
  raw: true,
});
/** What the server says first. */
const OURS = ["SETTINGS", "WINDOW 0 983041"];

export const FRAMES: readonly Row[] = [
  raw("3.4", "preface and SETTINGS", [f.PREFACE, f.settings()], [...OURS, "SETTINGS ACK"]),
  raw("3.4", "HTTP/1.1 in place of the preface", [f.bytes("GET / HTTP/1.1\r\n\r\n")], [...OURS, goaway(PROTOCOL)]),
  raw("3.4", "a preface that goes wrong at its end", [f.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX")], [
    ...OURS,
    goaway(PROTOCOL),
  ]),
  raw("3.4", "no SETTINGS behind the preface", [f.PREFACE, f.ping()], [...OURS, goaway(PROTOCOL)]),
  raw("3.4", "an acknowledgement in place of the first SETTINGS", [f.PREFACE, f.frame(f.SETTINGS, f.ACK, 0)], [
    ...OURS,
    goaway(PROTOCOL),
  ]),
  raw("3.4", "a request behind the first SETTINGS", [f.PREFACE, f.settings(), f.get(1)], [
    ...OURS,
    "SETTINGS ACK",
    ...answered(1),
  ]),
  row("4.1", "an unknown type is let pass", [f.frame(0xfa, 0xff, 0, "anything"), f.get(1)], answered(1)),
  row("4.1", "unknown flags are let pass", [f.frame(f.PING, 0x16, 0, "12345678")], ["PING ACK"]),
  row("4.1", "the reserved bit is not looked at", [f.frame(f.PING, 0, 0x80000000, "12345678")], ["PING ACK"]),
  row("4.2", "DATA of 16384 bytes", [f.post(1), f.data(1, "x".repeat(16384), true)], answered(1)),
  row("4.2", "DATA of 16385 bytes", [f.post(1), f.data(1, "x".repeat(16385), true)], [goaway(SIZE, 1)]),
  row("4.2", "HEADERS of 16385 bytes", [f.frame(f.HEADERS, 5, 1, "x".repeat(16385))], [goaway(SIZE)]),
  row("4.2", "a head alone says that a frame is too large", [f.frame(f.DATA, 0, 1, "", 2 ** 24 - 1)], [goaway(SIZE)]),
  row("4.3", "PRIORITY within a field block", [
    f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())),
    f.frame(f.PRIORITY, 0, 1, f.bytes(f.uint32(0), 1)),
  ], [goaway(PROTOCOL)]),
  row("4.3", "HEADERS of another stream within a field block", [
    f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())),
    f.get(3),
  ], [goaway(PROTOCOL)]),
  row("5.5", "an unknown type within a field block", [
    f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())),
    f.frame(0xfa, 0, 1, "x"),
  ], [goaway(PROTOCOL)]),
  row("6.1", "DATA on stream 0", [f.data(0, "x")], [goaway(PROTOCOL)]),
  row(
    "6.1",
    "DATA with padding",
    [f.post(1), f.frame(f.DATA, f.END | f.PADDED, 1, f.bytes(3, "abc", 0, 0, 0))],
    answered(1),
  ),
  row("6.1", "padding as long as the payload", [f.post(1), f.frame(f.DATA, f.PADDED, 1, f.bytes(5, "abcd"))], [
    goaway(PROTOCOL, 1),
  ]),
  row("6.1", "padded DATA without a pad length", [f.post(1), f.frame(f.DATA, f.PADDED, 1)], [goaway(SIZE, 1)]),
  row("6.2", "HEADERS with padding", [
    f.frame(f.HEADERS, f.END | f.END_HEADERS | f.PADDED, 1, f.bytes(2, f.block(...f.pseudo()), 0, 0)),
  ], answered(1)),
  row("6.2", "HEADERS with a priority", [
    f.frame(f.HEADERS, f.END | f.END_HEADERS | f.PRIO, 1, f.bytes(f.uint32(0), 7, f.block(...f.pseudo()))),
  ], answered(1)),
  row("6.2", "HEADERS with a priority and no room for it", [f.frame(f.HEADERS, f.END_HEADERS | f.PRIO, 1, "abc")], [
    goaway(SIZE),
  ]),
  row("6.2", "HEADERS on stream 0", [f.frame(f.HEADERS, 5, 0, f.block(...f.pseudo()))], [goaway(PROTOCOL)]),
  row("6.2", "HEADERS with padding longer than the frame", [
    f.frame(f.HEADERS, f.END | f.END_HEADERS | f.PADDED, 1, f.bytes(255, f.block(...f.pseudo()))),
  ], [goaway(PROTOCOL)]),
  row("6.3", "PRIORITY on stream 0", [f.frame(f.PRIORITY, 0, 0, f.bytes(f.uint32(0), 1))], [goaway(PROTOCOL)]),
  row("6.3", "PRIORITY of 4 bytes", [f.frame(f.PRIORITY, 0, 1, f.uint32(0))], [rst(1, SIZE)]),
  row("6.3", "PRIORITY on an idle stream, then a request on a lower one", [
    f.frame(f.PRIORITY, 0, 7, f.bytes(f.uint32(0), 1)),
    f.get(1),
  ], answered(1)),
  row("6.4", "RST_STREAM on stream 0", [f.reset(0)], [goaway(PROTOCOL)]),
  row("6.4", "RST_STREAM on an idle stream", [f.reset(1)], [goaway(PROTOCOL)]),
  row("6.4", "RST_STREAM of 3 bytes", [f.post(1), f.frame(f.RST, 0, 1, "abc")], [goaway(SIZE, 1)]),
  row("6.5", "SETTINGS on a stream", [f.frame(f.SETTINGS, 0, 1)], [goaway(PROTOCOL)]),
  row("6.5", "an acknowledgement with settings", [f.frame(f.SETTINGS, f.ACK, 0, "123456")], [goaway(SIZE)]),
  row("6.5", "SETTINGS of 5 bytes", [f.frame(f.SETTINGS, 0, 0, "12345")], [goaway(SIZE)]),
  row("6.5", "our SETTINGS acknowledged", [f.frame(f.SETTINGS, f.ACK, 0)], []),
  row("6.5.2", "ENABLE_PUSH of 2", [f.settings([2, 2])], [goaway(PROTOCOL)]),
  row("6.5.2", "INITIAL_WINDOW_SIZE of 2^31", [f.settings([4, 2 ** 31])], [goaway(FLOW)]),
  row("6.5.2", "MAX_FRAME_SIZE of 16383", [f.settings([5, 16383])], [goaway(PROTOCOL)]),
  row("6.5.2", "MAX_FRAME_SIZE of 2^24", [f.settings([5, 2 ** 24])], [goaway(PROTOCOL)]),
  row("6.5.2", "an unknown setting", [f.settings([0xfa, 1], [1, 0], [6, 10])], ["SETTINGS ACK"]),
  row("6.5.3", "one setting twice: the second holds", [f.settings([4, 100], [4, 2]), f.get(1)], [
    "SETTINGS ACK",
    "HEADERS 1 200",
    "DATA 1 2",
  ]),
  row("6.5", "65 settings in a frame", [f.settings(...Array.from({ length: 65 }, () => [0xfa, 0] as const))], [
    goaway(CALM),
  ]),
  row("6.6", "PUSH_PROMISE from a client", [f.frame(f.PUSH, f.END_HEADERS, 1, f.uint32(2))], [goaway(PROTOCOL)]),
  row("6.7", "PING", [f.ping()], ["PING ACK"]),
  row("6.7", "an acknowledged PING that nobody sent", [f.ping(f.ACK)], []),
  row("6.7", "PING on a stream", [f.frame(f.PING, 0, 1, "12345678")], [goaway(PROTOCOL)]),
  row("6.7", "PING of 6 bytes", [f.frame(f.PING, 0, 0, "123456")], [goaway(SIZE)]),
  row("6.8", "GOAWAY on a stream", [f.frame(f.GOAWAY, 0, 1, "12345678")], [goaway(PROTOCOL)]),
  row("6.8", "GOAWAY of 7 bytes", [f.frame(f.GOAWAY, 0, 0, "1234567")], [goaway(SIZE)]),
  row("6.8", "GOAWAY, and the stream that was opened is answered", [
    f.get(1),
    f.frame(f.GOAWAY, 0, 0, f.bytes(f.uint32(0), f.uint32(0))),
  ], answered(1)),
  row("6.9", "WINDOW_UPDATE of 3 bytes", [f.frame(f.WINDOW, 0, 0, "abc")], [goaway(SIZE)]),
  row("6.10", "CONTINUATION", [
    f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())),
    f.frame(f.CONTINUATION, 0, 1, f.block(["x-a", "1"])),
    f.frame(f.CONTINUATION, f.END_HEADERS, 1, f.block(["x-b", "2"])),
  ], answered(1)),
  row("6.10", "CONTINUATION on stream 0", [
    f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())),
    f.frame(f.CONTINUATION, f.END_HEADERS, 0),
  ], [goaway(PROTOCOL)]),
  row("6.10", "CONTINUATION behind a whole block", [f.get(1, "/held"), f.frame(f.CONTINUATION, f.END_HEADERS, 1)], [
    goaway(PROTOCOL, 1),
  ]),
  row("6.10", "CONTINUATION out of nothing", [f.frame(f.CONTINUATION, f.END_HEADERS, 1)], [goaway(PROTOCOL)]),
  row("6.10", "DATA within a field block", [
    f.frame(f.HEADERS, 0, 1, f.block(...f.pseudo("POST"))),
    f.data(1, "x"),
  ], [goaway(PROTOCOL)]),
];
