/** RFC 9113 §8: which requests are malformed. @module */

import * as f from "../frames.ts";
import { answered, PROTOCOL, type Row, row, rst } from "./row.ts";

type Field = [string, string];

/** A request of these fields alone. */
const request = (...fields: Field[]) => [f.frame(f.HEADERS, f.END | f.END_HEADERS, 1, f.block(...fields))];
/** A GET with these fields. */
const fields = (...more: Field[]) => [f.get(1, "/", ...more)];
const trailers = (flags: number, ...more: Field[]) => [
  f.post(1, "/held"),
  f.data(1, "x"),
  f.frame(f.HEADERS, flags, 1, f.block(...more)),
];
const [METHOD, SCHEME, PATH, AUTHORITY] = f.pseudo();

const malformed = (section: string, name: string, send: readonly Uint8Array[]): Row => ({
  ...row(section, name, send, [rst(1, PROTOCOL)]),
  log: ["400 - - malformed_head"],
});
const malformedBody = (section: string, name: string, send: readonly Uint8Array[], path = "/held"): Row => ({
  ...row(section, name, send, [rst(1, PROTOCOL)]),
  log: [`400 POST ${path} malformed_body`],
});

export const MESSAGES: readonly Row[] = [
  row("8.1", "GET", [f.get(1)], answered(1)),
  row("8.1", "HEAD", request([":method", "HEAD"], SCHEME, PATH, AUTHORITY), ["HEADERS 1 200 END"]),
  row("8.1", "POST", [f.post(1), f.data(1, "x", true)], answered(1)),
  row("8.1", "trailers", [
    f.post(1),
    f.data(1, "x"),
    f.frame(f.HEADERS, f.END | f.END_HEADERS, 1, f.block(["x-sum", "1"])),
  ], answered(1)),
  malformedBody("8.1", "trailers that do not end the stream", trailers(f.END_HEADERS, ["x-sum", "1"])),
  malformedBody("8.1", "a pseudo field among trailers", trailers(5, [":method", "GET"])),
  malformedBody("8.2", "a name with capitals among trailers", trailers(5, ["X-Sum", "1"])),
  malformedBody("8.2.2", "connection among trailers", trailers(5, ["connection", "close"])),
  malformed("8.2", "a name with capitals", fields(["X-Test", "ok"])),
  malformed("8.2.1", "a name with a space", fields(["x test", "ok"])),
  malformed("8.2.1", "an empty name", fields(["", "ok"])),
  malformed("8.2.1", "a name with a colon", fields(["x:test", "ok"])),
  malformed("8.2.1", "a name above ASCII", fields(["x-tést", "ok"])),
  malformed("8.2.1", "NUL in a value", fields(["x-test", "a\0b"])),
  malformed("8.2.1", "CR in a value", fields(["x-test", "a\rb"])),
  malformed("8.2.1", "LF in a value", fields(["x-test", "a\nhost: b"])),
  malformed("8.2.1", "another control byte in a value", fields(["x-test", "a\x01b"])),
  malformed("8.2.1", "DEL in a value", fields(["x-test", "a\x7fb"])),
  malformed("8.2.1", "a value that begins with a space", fields(["x-test", " a"])),
  malformed("8.2.1", "a value that ends with a tab", fields(["x-test", "a\t"])),
  row(
    "8.2.1",
    "a tab within a value, an empty one, and bytes above ASCII",
    fields(["x-a", "a\tb"], ["x-b", ""], [
      "x-c",
      "\xe9",
    ]),
    answered(1),
  ),
  malformed("8.2.2", "connection", fields(["connection", "keep-alive"])),
  malformed("8.2.2", "proxy-connection", fields(["proxy-connection", "keep-alive"])),
  malformed("8.2.2", "keep-alive", fields(["keep-alive", "timeout=5"])),
  malformed("8.2.2", "transfer-encoding", fields(["transfer-encoding", "chunked"])),
  malformed("8.2.2", "upgrade", fields(["upgrade", "websocket"])),
  malformed("8.2.2", "te other than trailers", fields(["te", "trailers, deflate"])),
  row("8.2.2", "te: trailers", fields(["te", "trailers"]), answered(1)),
  malformed("8.3", "an unknown pseudo field", request(METHOD, SCHEME, PATH, AUTHORITY, [":test", "ok"])),
  malformed("8.3", "a response's pseudo field", request(METHOD, SCHEME, PATH, AUTHORITY, [":status", "200"])),
  malformed("8.3", "a pseudo field behind another field", request(METHOD, SCHEME, PATH, ["x-test", "ok"], AUTHORITY)),
  malformed("8.3.1", "no :method", request(SCHEME, PATH, AUTHORITY)),
  malformed("8.3.1", "no :scheme", request(METHOD, PATH, AUTHORITY)),
  malformed("8.3.1", "no :path", request(METHOD, SCHEME, AUTHORITY)),
  malformed("8.3.1", "an empty :path", request(METHOD, SCHEME, [":path", ""], AUTHORITY)),
  malformed("8.3.1", "two :method", request(METHOD, METHOD, SCHEME, PATH, AUTHORITY)),
  malformed("8.3.1", "two :scheme", request(METHOD, SCHEME, SCHEME, PATH, AUTHORITY)),
  malformed("8.3.1", "two :path", request(METHOD, SCHEME, PATH, PATH, AUTHORITY)),
  malformed("8.3.1", "two :authority", request(METHOD, SCHEME, PATH, AUTHORITY, AUTHORITY)),
  malformed("8.3.1", "LF in :path", request(METHOD, SCHEME, [":path", "/a\nb"], AUTHORITY)),
  malformed("8.3.1", "a space at the end of :method", request([":method", "GET "], SCHEME, PATH, AUTHORITY)),
  malformed("8.3", "no fields at all", request()),
  malformed("8.5", "CONNECT with a path", request([":method", "CONNECT"], SCHEME, PATH, AUTHORITY)),
  malformed("8.5", "CONNECT without an authority", request([":method", "CONNECT"])),
  malformed(
    "RFC 8441 §4",
    "extended CONNECT, which was not offered",
    request([":method", "CONNECT"], SCHEME, PATH, AUTHORITY, [":protocol", "websocket"]),
  ),
  malformed("8.1.1", "a length, and no content", [
    f.frame(f.HEADERS, f.END | f.END_HEADERS, 1, f.block(...f.pseudo("POST"), ["content-length", "1"])),
  ]),
  malformedBody("8.1.1", "less content than its length", [
    f.post(1, "/held", ["content-length", "2"]),
    f.data(1, "x", true),
  ]),
  malformedBody("8.1.1", "more content than its length, in one frame", [
    f.post(1, "/held", ["content-length", "1"]),
    f.data(1, "xy", true),
  ]),
  malformedBody("8.1.1", "more content than its length, in several", [
    f.post(1, "/held", ["content-length", "1"]),
    f.data(1, "x"),
    f.data(1, "y"),
  ]),
  malformedBody("8.1.1", "less content than its length, and trailers", [
    f.post(1, "/held", ["content-length", "2"]),
    f.data(1, "x"),
    f.frame(f.HEADERS, f.END | f.END_HEADERS, 1, f.block(["x-sum", "1"])),
  ]),
  row("8.1.1", "as much content as its length", [
    f.post(1, "/", ["content-length", "2"]),
    f.data(1, "x"),
    f.data(1, "y", true),
  ], answered(1)),
  row(
    "8.1.1",
    "a length of 0, and an empty DATA",
    [f.post(1, "/", ["content-length", "0"]), f.data(1, "", true)],
    answered(1),
  ),
];
