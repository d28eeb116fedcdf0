/** Answers whose status or method decides about their body, and statuses that only pass. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { Fields, Row } from "../row.ts";
import { get, head } from "../shorthand.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const HEAD = head("HEAD / HTTP/1.1", "Host: a.example");

/** Answers without content: what the origin sends, and what the client must see. */
const BODILESS: readonly [name: string, rfc: string, send: string, origin: string, status: number, fields: Fields][] = [
  ["HEAD with a length", "9110 §9.3.2", HEAD, OK + "content-length: 500\r\n\r\n", 200, { "content-length": ["500"] }],
  ["HEAD with a length of 0", "9110 §9.3.2", HEAD, OK + "content-length: 0\r\n\r\n", 200, {}],
  ["HEAD in chunks", "9110 §9.3.2", HEAD, OK + "transfer-encoding: chunked\r\n\r\n", 200, { "content-length": null }],
  ["HEAD without a length", "9110 §9.3.2", HEAD, OK + "\r\n", 200, { "content-length": null }],
  ["HEAD of what is not there", "9110 §9.3.2", HEAD, "HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\n", 404, {
    "content-length": ["9"],
  }],
  ["204", "9110 §15.3.5", get("/"), "HTTP/1.1 204 No Content\r\n\r\n", 204, {
    "content-length": null,
    "transfer-encoding": null,
  }],
  [
    "204 that says that its length is 0",
    "9110 §8.6",
    get("/"),
    "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
    204,
    {
      "content-length": null,
    },
  ],
  ["204 in chunks", "9112 §6.1", get("/"), "HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n", 204, {
    "transfer-encoding": null,
  }],
  ["304", "9110 §15.4.5", get("/"), 'HTTP/1.1 304 Not Modified\r\netag: "x"\r\n\r\n', 304, {
    etag: '"x"',
    "transfer-encoding": null,
  }],
];

/** Statuses that pass with their fields and bodies. */
const PASS: readonly [status: number, ...fields: string[]][] = [
  [201, "location: /new"],
  [206, "content-range: bytes 0-1/9"],
  [301, "location: http://elsewhere.example/?x"],
  [302, "location: ../up"],
  [307, "location: /a%2Fb"],
  [400],
  [401, 'www-authenticate: Basic realm="a, b", Bearer'],
  [404],
  [416, "content-range: bytes */9"],
  [418],
  [429, "retry-after: 30"],
  [500],
  [503, "retry-after: Fri, 31 Dec 1999 23:59:59 GMT"],
  [599],
];

/** The rows. */
export const responseStatuses: readonly Row[] = [
  ...BODILESS.map(([name, rfc, send, origin, status, fields]): Row => ({
    name: `an answer to ${name} has no body`,
    rfc,
    send,
    origin,
    expect: { status, body: "", fields, after: "kept" },
  })),
  {
    name: "304 keeps the length of what it stands for",
    rfc: "9110 §8.6",
    send: get("/", 'If-None-Match: "x"'),
    origin: "HTTP/1.1 304 Not Modified\r\ncontent-length: 500\r\n\r\n",
    expect: { status: 304, fields: { "content-length": ["500"] }, after: "kept" },
    serve: { why: "notModified", expect: { status: 304, fields: { "content-length": null }, after: "kept" } },
  },
  {
    name: "a body behind an answer to HEAD does not reach the client",
    rfc: "9110 §9.3.2",
    send: HEAD,
    origin: answer(200, "poison"),
    expect: { status: 200, fields: { "content-length": ["6"] }, after: "kept", lacks: ["poison"] },
  },
  {
    name: "a body behind a 204 does not reach the client",
    rfc: "9110 §15.3.5",
    send: get("/"),
    origin: "HTTP/1.1 204 No Content\r\ncontent-length: 6\r\n\r\npoison",
    expect: { status: 204, after: "kept", lacks: ["poison"] },
  },
  {
    name: "a body behind a 304 does not reach the client",
    rfc: "9110 §15.4.5",
    send: get("/"),
    origin: "HTTP/1.1 304 Not Modified\r\n\r\npoison",
    expect: { status: 304, after: "kept", lacks: ["poison"] },
  },
  {
    name: "205 has no content and says where it ends",
    rfc: "9110 §15.3.6",
    send: get("/"),
    origin: "HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n",
    expect: { status: 205, body: "", after: "kept" },
    serve: { why: "resetContent", expect: { status: 204, body: "", after: "kept" } },
  },
  ...PASS.map(([status, ...fields]): Row => ({
    name: `${status} passes as it is`,
    rfc: "9110 §15",
    send: get("/"),
    origin: answer(status, "the body", ...fields),
    expect: {
      status,
      body: "the body",
      fields: Object.fromEntries(fields.map((line) => line.split(/: (.*)/))),
      after: "kept",
    },
  })),
  {
    name: "a reason with a byte above 0x7F",
    rfc: "9112 §4",
    send: get("/"),
    origin: "HTTP/1.1 200 Caf\xe9 is open\r\ncontent-length: 0\r\n\r\n",
    expect: { status: 200, after: "kept" },
  },
  {
    name: "Range and If-Range reach the origin",
    rfc: "9110 §14",
    send: get("/", "Range: bytes=0-1, 5-", 'If-Range: "x"'),
    expect: { status: 200, after: "kept", origin: { fields: { range: "bytes=0-1, 5-", "if-range": '"x"' } } },
  },
];
