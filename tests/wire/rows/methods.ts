/** Methods: which are taken, and that no body changes its place with them. @module */

import type { Row } from "../row.ts";
import { head, refused, turnedDown, turnedDownWith } from "../shorthand.ts";

const HOST = "Host: a.example";
const request = (method: string, ...fields: string[]) => head(`${method} /m HTTP/1.1`, HOST, ...fields);

/** Methods without a body, and how the origin must see that there is none (RFC 9110 §8.6). */
const BODILESS: readonly [method: string, framing: "none" | "length", length: string | null][] = [
  ["GET", "none", null],
  ["HEAD", "none", null],
  ["DELETE", "none", null],
  ["OPTIONS", "none", null],
  ["POST", "length", "0"],
  ["PUT", "length", "0"],
  ["PATCH", "length", "0"],
];

const WITH_BODY = ["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT", "PATCH"];
const UNKNOWN = ["FOO", "get", "Get", "GETT", "GE", "M-SEARCH2", "X".repeat(200)];
const NO_ANSWER_BODY = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";

const NO_BODY: Row["serve"] = { why: "bodilessMethods", expect: turnedDownWith(400) };

/** The rows. */
export const methods: readonly Row[] = [
  ...BODILESS.map(([method, framing, length]): Row => ({
    name: `${method} without a body has none at the origin`,
    rfc: "9110 §8.6",
    send: request(method),
    origin: method === "HEAD" ? NO_ANSWER_BODY : undefined,
    expect: {
      status: 200,
      after: "kept",
      origin: {
        line: `${method} /m HTTP/1.1`,
        framing,
        fields: { "content-length": length, "transfer-encoding": null },
      },
    },
  })),
  ...WITH_BODY.map((method): Row => ({
    name: `${method} with a length has its body at the origin`,
    rfc: "9112 §6",
    send: request(method, "Content-Length: 5") + "hello",
    origin: method === "HEAD" ? NO_ANSWER_BODY : undefined,
    expect: {
      status: 200,
      after: "kept",
      origin: { line: `${method} /m HTTP/1.1`, framing: "length", body: "hello", fields: { "content-length": ["5"] } },
    },
    serve: method === "GET" || method === "HEAD" ? NO_BODY : undefined,
  })),
  ...["GET", "DELETE", "OPTIONS", "PUT"].map((method): Row => ({
    name: `${method} in chunks has its body at the origin, and not one byte as a request`,
    rfc: "9112 §6",
    send: request(method, "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n",
    expect: {
      status: 200,
      after: "kept",
      origin: { line: `${method} /m HTTP/1.1`, body: "hello" },
    },
    serve: method === "GET" ? NO_BODY : undefined,
  })),
  {
    name: "POST that says that it has no body",
    rfc: "9110 §8.6",
    send: request("POST", "Content-Length: 0"),
    expect: {
      status: 200,
      after: "kept",
      origin: { framing: "length", body: "", fields: { "content-length": ["0"] } },
    },
  },
  {
    name: "GET that says that it has no body",
    rfc: "9110 §8.6",
    send: request("GET", "Content-Length: 0"),
    expect: { status: 200, after: "kept", origin: { body: "", fields: { "transfer-encoding": null } } },
  },
  ...UNKNOWN.map((method): Row => ({
    name: `the method ${method.length > 20 ? "of 200 letters" : method}, which nobody has allowed`,
    rfc: "9110 §9.1",
    send: request(method),
    expect: { status: 501, after: "either", origin: "nothing" },
  })),
  {
    name: "a method that the config allows",
    rfc: "9110 §9.1",
    send: request("FOO"),
    config: (url) => ({
      methods: ["FOO"],
      upstreams: { origin: { endpoints: [url] } },
      routes: [{ path: "/*", upstream: "origin" }],
    }),
    expect: { status: 200, after: "kept", origin: { line: "FOO /m HTTP/1.1", framing: "none" } },
  },
  {
    name: "TRACE, which would show a client the fields that others added",
    rfc: "9110 §9.3.8",
    send: request("TRACE"),
    expect: { status: 405, fields: { allow: /\bGET\b(?!.*TRACE)/ }, after: "either", origin: "nothing" },
  },
  {
    name: "CONNECT, which this gateway does not offer",
    rfc: "9110 §9.3.6",
    send: head("CONNECT b.example:443 HTTP/1.1", "Host: b.example:443"),
    expect: { status: [405, 501], after: "either", origin: "nothing" },
  },
  refused(
    "CONNECT with something behind it, which is for whoever it would have led to",
    "9110 §9.3.6",
    head("CONNECT b.example:443 HTTP/1.1", "Host: b.example:443") + head("GET / HTTP/1.1", "Host: a.example"),
    [405, 501],
    { why: "parserRefusals", expect: null },
  ),
  {
    name: "OPTIONS for an authority without a path asks about the server, as * does",
    rfc: "9112 §3.2.4",
    send: head("OPTIONS http://a.example HTTP/1.1", "Host: a.example"),
    expect: { status: 204, fields: { allow: /GET/ }, after: "kept", origin: "nothing" },
    serve: { why: "asterisk", expect: { status: 200, after: "kept" } },
  },
  turnedDown("CONNECT with a path", "9112 §3.2.3", head("CONNECT / HTTP/1.1", HOST), [400, 405, 501]),
  {
    name: "a field that names another method is a field",
    rfc: "9110 §9.1",
    send: request("GET", "X-HTTP-Method-Override: DELETE"),
    expect: { status: 200, after: "kept", origin: { line: "GET /m HTTP/1.1" } },
  },
];
