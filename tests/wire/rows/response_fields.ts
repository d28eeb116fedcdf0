/** Fields of an answer: what passes untouched, what is added, what ends here. @module */

import { answer } from "../../support/scripted_origin.ts";
import type { Fields, Row } from "../row.ts";
import { get, refusedWith } from "../shorthand.ts";

/** Fields that pass, and what the client sees. */
const PASS: readonly [name: string, rfc: string, lines: readonly string[], seen: Fields][] = [
  ["two Set-Cookie stay apart and in order", "6265 §3", ["set-cookie: a=1; Path=/", "set-cookie: b=2, c"], {
    "set-cookie": ["a=1; Path=/", "b=2, c"],
  }],
  ["Set-Cookie apart from each other stay in order", "6265 §3", ["set-cookie: a=1", "x-a: 1", "Set-Cookie: a=2"], {
    "set-cookie": ["a=1", "a=2"],
  }],
  ["lines of one name in an answer stay apart and in order", "9110 §5.3", ["x-a: 1", "x-b: 2", "X-A: 3"], {
    "x-a": ["1", "3"],
  }],
  ["two WWW-Authenticate stay apart", "9110 §11.6.1", ["www-authenticate: Basic realm=a", "www-authenticate: Bearer"], {
    "www-authenticate": ["Basic realm=a", "Bearer"],
  }],
  ["bytes above 0x7F survive", "9110 §5.5", ["x-a: caf\xe9 \x80\xff"], { "x-a": ["caf\xe9 \x80\xff"] }],
  ["UTF-8 survives", "9110 §5.5", ["x-a: \xe2\x82\xac"], { "x-a": ["\xe2\x82\xac"] }],
  ["a value that is empty", "9110 §5.5", ["x-a:"], { "x-a": [""] }],
  ["a Server is not replaced", "9110 §10.2.4", ["server: origin/1"], { server: ["origin/1"] }],
  ["a content coding is not touched", "9110 §8.4", ["content-encoding: gzip", "vary: accept-encoding", 'etag: "x"'], {
    "content-encoding": ["gzip"],
    "content-length": ["4"],
    vary: "accept-encoding",
    etag: '"x"',
  }],
  ["a content type is not touched", "9110 §8.3", ["content-type: Text/HTML;Charset=ISO-8859-1"], {
    "content-type": ["Text/HTML;Charset=ISO-8859-1"],
  }],
  ["no content type is added", "9110 §8.3", [], { "content-type": null }],
  ["caching fields pass", "9111 §5", ["cache-control: max-age=5", "age: 3", "expires: 0", 'warning: 110 - "x"'], {
    "cache-control": "max-age=5",
    age: "3",
    expires: "0",
  }],
  ["Proxy-Status passes", "9209 §2", ["proxy-status: p.example"], { "proxy-status": "p.example" }],
  ["a field of 20 KB", "9110 §5.4", [`x-a: ${"y".repeat(20_000)}`], { "x-a": "y".repeat(20_000) }],
  ["a hundred fields", "9110 §5.4", Array.from({ length: 100 }, (_, i) => `x-${i}: ${i}`), {
    "x-0": "0",
    "x-99": "99",
  }],
  ["Via of an answer is continued", "9110 §7.6.3", ["via: 1.0 fred"], { via: "1.0 fred, 1.1 gatewright" }],
  ["Via is added to an answer", "9110 §7.6.3", [], { via: ["1.1 gatewright"] }],
  ["Date of an answer is kept", "9110 §6.6.1", ["date: Sun, 06 Nov 1994 08:49:37 GMT"], {
    date: ["Sun, 06 Nov 1994 08:49:37 GMT"],
  }],
  ["Date of an answer is added", "9110 §6.6.1", [], {
    date: /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  }],
  ["the origin's own request id gives way to this one's", "9110 §5.3", ["x-request-id: theirs"], {
    "x-request-id": ["ours-1"],
  }],
];

/** Fields that are for this hop alone. */
const HOP: readonly [field: string, value: string][] = [
  ["keep-alive", "timeout=5"],
  ["proxy-connection", "keep-alive"],
  ["proxy-authenticate", "Basic"],
  ["proxy-authentication-info", "x"],
  ["upgrade", "h2c"],
  ["te", "trailers"],
];

/** Fields that an origin cannot have taken away on the way to the client. */
const PROTECTED: readonly [field: string, value: string][] = [
  ["set-cookie", "a=1"],
  ["cache-control", "private"],
  ["content-security-policy", "default-src 'self'"],
  ["content-encoding", "gzip"],
  ["strict-transport-security", "max-age=1"],
  ["access-control-allow-origin", "https://a.example"],
];

/** The rows. */
export const responseFields: readonly Row[] = [
  ...PASS.map(([name, rfc, lines, fields]): Row => ({
    name,
    rfc,
    send: get("/", "X-Request-Id: ours-1"),
    origin: answer(200, "body", ...lines),
    expect: { status: 200, body: "body", fields, after: "kept" },
  })),
  {
    name: "names keep their case and lines their order, back as well",
    rfc: "9110 §5.1",
    send: get("/"),
    origin: answer(200, "", "X-OdD-cASE: 1", "x-b: 2", "X-C: 3"),
    expect: { status: 200, after: "kept", contains: ["X-OdD-cASE: 1\r\nx-b: 2\r\nX-C: 3\r\n"] },
    serve: {
      why: "joinedFields",
      expect: { status: 200, after: "kept", contains: ["x-odd-case: 1\r\nx-b: 2\r\nx-c: 3\r\n"] },
    },
  },
  {
    name: "a body that is coded is not decoded",
    rfc: "9110 §8.4",
    send: get("/", "Accept-Encoding: gzip"),
    origin: "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 8\r\n\r\n\x1f\x8b\x08\0\xff\xfe\xfd\0",
    expect: {
      status: 200,
      body: "\x1f\x8b\x08\0\xff\xfe\xfd\0",
      after: "kept",
      origin: { fields: { "accept-encoding": "gzip" } },
    },
  },
  ...HOP.map(([field, value]): Row => ({
    name: `${field} of an answer ends here`,
    rfc: "9110 §7.6.1",
    send: get("/"),
    origin: answer(200, "", `${field}: ${value}`, "x-end: 1"),
    expect: { status: 200, fields: { [field]: null, "x-end": ["1"] }, after: "kept" },
  })),
  ...PROTECTED.map(([field, value]): Row => ({
    name: `an answer's Connection: ${field} takes nothing away`,
    rfc: "9110 §7.6.1",
    send: get("/"),
    origin: answer(200, "", `connection: ${field}`, `${field}: ${value}`),
    expect: { status: 200, fields: { [field]: [value], connection: null }, after: "kept" },
  })),
  {
    name: "what an answer's Connection names ends here",
    rfc: "9110 §7.6.1",
    send: get("/"),
    origin: answer(200, "", "connection: X-Hop,, close", "x-hop: 1", "x-end: 1"),
    expect: { status: 200, fields: { "x-hop": null, "x-end": "1", connection: null }, after: "kept" },
  },
  {
    name: "an answer that this gateway makes has Date, a type and the request's id",
    rfc: "9457 §3",
    config: (url) => ({
      upstreams: { origin: { endpoints: [url] } },
      routes: [{ path: "/wire-probe", upstream: "origin" }],
    }),
    send: get("/none", "X-Request-Id: ours-1"),
    expect: {
      status: 404,
      fields: { "content-type": "application/problem+json", "x-request-id": ["ours-1"], date: / GMT$/ },
      body: /"code":"route_not_found"/,
      after: "kept",
      origin: "nothing",
    },
  },
  {
    name: "what is refused before it is routed is told as a problem, with an id",
    rfc: "9457 §3",
    send: get("/", "X : y"),
    expect: {
      status: 400,
      fields: { "content-type": "application/problem+json", "x-request-id": /./ },
      body: /"status":400/,
      after: "closed",
      origin: "nothing",
    },
    serve: { why: "parserRefusals", expect: { ...refusedWith(400), ...{ body: "" } } },
  },
];
