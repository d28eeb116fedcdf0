/** Which connections live on. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { Row } from "../row.ts";
import { get, head, post } from "../shorthand.ts";

const SECTION = "9112 §9.3";

/** What Connection says, and whether the connection lives on. */
const SAYS: readonly [name: string, after: "kept" | "closed", ...fields: string[]][] = [
  ["nothing", "kept"],
  ["keep-alive", "kept", "Connection: keep-alive"],
  ["another option", "kept", "Connection: x-a"],
  ["close", "closed", "Connection: close"],
  ["close in odd case", "closed", "Connection: cLOSE"],
  ["close between others", "closed", "Connection: x-a, close, x-b"],
  ["close and keep-alive", "closed", "Connection: keep-alive, close"],
  ["close in its second line", "closed", "Connection: keep-alive", "Connection: close"],
  ["a word that holds close", "kept", "Connection: enclosed"],
];

/** Answers behind which the connection lives on. */
const ANSWERS: readonly [name: string, bytes: string, status: number][] = [
  ["an empty answer", answer(200), 200],
  ["a 204", "HTTP/1.1 204 No Content\r\n\r\n", 204],
  ["a 304", 'HTTP/1.1 304 Not Modified\r\netag: "x"\r\n\r\n', 304],
  ["an answer in chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200],
  ["an error", answer(500, "no"), 500],
  ["an answer whose origin closes", answer(200, "ok", "connection: close"), 200],
];

/** The rows. */
export const keepAlive: readonly Row[] = [
  ...SAYS.map(([name, after, ...fields]): Row => ({
    name: `Connection says ${name}: ${after}`,
    rfc: SECTION,
    send: get("/", ...fields),
    expect: { status: 200, body: "ok", fields: after === "closed" ? { connection: /\bclose\b/i } : {}, after },
  })),
  ...ANSWERS.map(([name, bytes, status]): Row => ({
    name: `the connection lives on behind ${name}`,
    rfc: SECTION,
    send: get("/"),
    origin: bytes,
    expect: { status, fields: { connection: null }, after: "kept" },
  })),
  {
    name: "Proxy-Connection has no say",
    rfc: "9112 §C.2.2",
    send: get("/", "Proxy-Connection: close"),
    expect: { status: 200, after: "kept" },
  },
  {
    name: "a connection lives on behind a body",
    rfc: SECTION,
    send: post(["Content-Length: 5"], "hello"),
    expect: { status: 200, after: "kept", origin: { body: "hello" } },
  },
  {
    name: "the connection lives on behind an origin that cannot be reached",
    rfc: SECTION,
    config: (url) => ({
      upstreams: { origin: { endpoints: [url] }, none: { endpoints: ["http://127.0.0.1:1"], retry: false } },
      routes: [{ path: "/none", upstream: "none" }, { path: "/wire-probe", upstream: "origin" }],
    }),
    send: get("/none"),
    expect: { status: 502, after: "kept", origin: "nothing" },
  },
  {
    name: "a HEAD that closes",
    rfc: "9112 §9.6",
    send: head("HEAD / HTTP/1.1", "Host: a.example", "Connection: close"),
    origin: "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n",
    expect: { status: 200, fields: { "content-length": "500" }, after: "closed" },
  },
];
