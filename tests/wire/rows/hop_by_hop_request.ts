/** Fields of a request that end here, and those that nobody can make end here. @module */

import type { Row } from "../row.ts";
import { get } from "../shorthand.ts";

/** Fields that are for this hop alone. */
const HOP: readonly [field: string, value: string][] = [
  ["keep-alive", "timeout=5, max=100"],
  ["proxy-connection", "keep-alive"],
  ["upgrade", "h2c"],
  ["te", "gzip"],
  ["trailer", "X-T"],
  ["proxy-authorization", "Basic eDp5"],
  ["proxy-authenticate", "Basic"],
  ["http2-settings", "AAMAAABk"],
  ["proxy", "http://evil.example"],
];

/** Fields that Connection must not take away, and what the origin sees of each. */
const PROTECTED: readonly [field: string, line: string, seen: string | RegExp][] = [
  ["authorization", "Authorization: Basic eDp5", "Basic eDp5"],
  ["cookie", "Cookie: a=1", "a=1"],
  ["cache-control", "Cache-Control: no-cache", "no-cache"],
  ["x-forwarded-for", "Accept: */*", "127.0.0.1"],
  ["x-forwarded-proto", "Accept: */*", "http"],
  ["forwarded", "Accept: */*", /^for=127\.0\.0\.1/],
  ["via", "Accept: */*", /gatewright$/],
  ["x-request-id", "X-Request-Id: id-1", "id-1"],
  ["range", "Range: bytes=0-1", "bytes=0-1"],
  ["content-type", "Content-Type: text/plain", "text/plain"],
];

/** What Connection names in odd ways. */
const NAMED: readonly [name: string, ...lines: string[]][] = [
  ["a field", "Connection: x-hop"],
  ["a field in odd case", "Connection: X-hOP"],
  ["a field between others", "Connection: keep-alive, X-Hop,x-other"],
  ["a field beside empty members", "Connection: ,, x-hop ,"],
  ["a field in its second line", "Connection: keep-alive", "Connection: x-hop"],
];

/** The rows. */
export const hopByHopRequest: readonly Row[] = [
  ...HOP.map(([field, value]): Row => ({
    name: `${field} ends here`,
    rfc: "9110 §7.6.1",
    send: get("/", `${field}: ${value}`, "X-End: 1"),
    expect: { status: 200, after: "kept", origin: { fields: { [field]: null, "x-end": ["1"] } } },
  })),
  ...NAMED.map(([name, ...lines]): Row => ({
    name: `Connection names ${name}`,
    rfc: "9110 §7.6.1",
    send: get("/", ...lines, "X-Hop: 1", "X-End: 2"),
    expect: { status: 200, after: "kept", origin: { fields: { "x-hop": null, "x-end": ["2"], connection: null } } },
  })),
  ...PROTECTED.map(([field, line, seen]): Row => ({
    name: `Connection: ${field} takes nothing away`,
    rfc: "9110 §7.6.1",
    send: get("/", `Connection: ${field}`, line),
    expect: { status: 200, after: "kept", origin: { fields: { [field]: seen } } },
  })),
  {
    name: "Connection: close is for this hop, not for the origin",
    rfc: "9112 §9.6",
    send: get("/", "Connection: close"),
    expect: { status: 200, after: "closed", origin: { fields: { connection: null } } },
  },
  {
    name: "TE: trailers passes, said anew for the next hop",
    rfc: "9110 §10.1.4",
    send: get("/", "TE: trailers", "Connection: TE"),
    expect: { status: 200, after: "kept", origin: { fields: { te: "trailers", connection: /^te$/i } } },
  },
  {
    name: "of TE only trailers passes",
    rfc: "9110 §10.1.4",
    send: get("/", "TE: gzip;q=0.5, trailers, deflate", "Connection: TE"),
    expect: { status: 200, after: "kept", origin: { fields: { te: "trailers", connection: /^te$/i } } },
  },
  {
    name: "Upgrade-Insecure-Requests is no Upgrade",
    rfc: "9110 §7.8",
    send: get("/", "Upgrade-Insecure-Requests: 1"),
    expect: { status: 200, after: "kept", origin: { fields: { "upgrade-insecure-requests": "1" } } },
  },
  {
    name: "Upgrade that Connection does not name is nobody's",
    rfc: "9110 §7.8",
    send: get("/", "Upgrade: websocket"),
    expect: { status: 200, after: "kept", origin: { fields: { upgrade: null, connection: null } } },
  },
];
