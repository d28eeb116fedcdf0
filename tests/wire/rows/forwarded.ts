/** What the origin is told of where a request came from. @module */

import type { Gateway } from "../../../src/config/types/gateway.ts";
import type { Fields, Row } from "../row.ts";
import { get, head } from "../shorthand.ts";

/** A gateway whose peer is a trusted proxy. */
const trusting = (url: string): Gateway => ({
  trustedProxies: ["127.0.0.0/8", "10.0.0.0/8"],
  upstreams: { origin: { endpoints: [url] } },
  routes: [{ path: "/*", upstream: "origin" }],
});

const row = (name: string, rfc: string, fields: readonly string[], seen: Fields, config?: Row["config"]): Row => ({
  name,
  rfc,
  send: get("/", ...fields),
  config,
  expect: { status: 200, after: "kept", origin: { fields: seen } },
});

/** Fields that an untrusted client has no say in. */
const CLAIMS = ["X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Original-URL", "X-Rewrite-URL"];

/** The rows. */
export const forwarded: readonly Row[] = [
  row("a request says where it came from", "7239 §4", [], {
    "x-forwarded-for": ["127.0.0.1"],
    "x-forwarded-proto": ["http"],
    "x-forwarded-host": ["a.example"],
    forwarded: ["for=127.0.0.1;host=a.example;proto=http"],
    via: ["1.1 gatewright"],
  }),
  row("what an untrusted client says of X-Forwarded-* is replaced", "7239 §8.1", [
    "X-Forwarded-For: 6.6.6.6",
    "X-Forwarded-For: 7.7.7.7",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Port: 1",
    "X-Forwarded-Prefix: /evil",
  ], {
    "x-forwarded-for": ["127.0.0.1"],
    "x-forwarded-proto": ["http"],
    "x-forwarded-host": ["a.example"],
    "x-forwarded-port": null,
    "x-forwarded-prefix": null,
  }),
  row("what an untrusted client says in Forwarded is replaced", "7239 §8.1", [
    "Forwarded: for=6.6.6.6;proto=https;host=evil.example",
  ], { forwarded: ["for=127.0.0.1;host=a.example;proto=http"] }),
  ...CLAIMS.map((name) =>
    row(`${name} of an untrusted client does not reach the origin`, "7239 §8.1", [`${name}: 6.6.6.6`], {
      [name.toLowerCase()]: null,
    })
  ),
  row("X_Forwarded_For, which CGI reads as X-Forwarded-For", "7239 §8.1", ["X_Forwarded_For: 6.6.6.6"], {
    x_forwarded_for: null,
  }),
  row("what a trusted proxy says is continued", "7239 §4", [
    "X-Forwarded-For: 192.0.2.9, 10.0.0.1",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: shop.example",
  ], {
    "x-forwarded-for": "192.0.2.9, 10.0.0.1, 127.0.0.1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "shop.example",
  }, trusting),
  row(
    "what a trusted proxy says in several lines is continued",
    "7239 §4",
    [
      "X-Forwarded-For: 192.0.2.9",
      "X-Forwarded-For: 10.0.0.1",
    ],
    { "x-forwarded-for": "192.0.2.9, 10.0.0.1, 127.0.0.1" },
    trusting,
  ),
  row("Forwarded of a trusted proxy is continued", "7239 §4", ["Forwarded: for=192.0.2.9;proto=https"], {
    forwarded: "for=192.0.2.9;proto=https, for=127.0.0.1;host=a.example;proto=http",
  }, trusting),
  {
    name: "a port in Host is quoted in Forwarded",
    rfc: "7239 §4",
    send: head("GET / HTTP/1.1", "Host: a.example:8080"),
    expect: {
      status: 200,
      after: "kept",
      origin: { fields: { forwarded: ['for=127.0.0.1;host="a.example:8080";proto=http'] } },
    },
  },
  row("Via is continued", "9110 §7.6.3", ["Via: 1.0 fred, 1.1 p.example"], {
    via: "1.0 fred, 1.1 p.example, 1.1 gatewright",
  }),
  row("Via in two lines is continued", "9110 §7.6.3", ["Via: 1.0 fred", "Via: 1.1 p.example"], {
    via: "1.0 fred, 1.1 p.example, 1.1 gatewright",
  }),
  {
    name: "Via tells the version in which the request came",
    rfc: "9110 §7.6.3",
    send: head("GET / HTTP/1.0", "Host: a.example"),
    expect: { status: 200, after: "closed", origin: { line: "GET / HTTP/1.1", fields: { via: "1.0 gatewright" } } },
    serve: {
      why: "viaVersion",
      expect: { status: 200, after: "closed", origin: { fields: { via: "1.1 gatewright" } } },
    },
  },
  row("a request id of the client's passes", "9110 §5.1", ["X-Request-Id: abc-1"], { "x-request-id": ["abc-1"] }),
  row("a request id that is none is replaced", "9110 §5.1", ["X-Request-Id: a b"], { "x-request-id": /^[\w-]{8,}$/ }),
];
