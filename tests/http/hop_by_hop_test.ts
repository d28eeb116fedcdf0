import { strict as assert } from "node:assert";
import { nominated, REQUEST_HOP, RESPONSE_HOP } from "../../src/http/hop_by_hop.ts";

const TABLE: readonly (readonly [string | null, readonly string[] | null])[] = [
  [null, null],
  ["keep-alive", null],
  ["close", null],
  ["Upgrade", null],
  ["", null],
  ["Keep-Alive, Upgrade", null],
  ["TE, Trailer, CLOSE, HTTP2-Settings", null],
  ["x-foo", ["x-foo"]],
  ["close, X-Foo ,\tX-Bar", ["x-foo", "x-bar"]],
  ["keep-alive,X-Hop,", ["x-hop"]],
  ["x foo, x:foo, (x), x\u00e9, ;", null],
  ["Content-Length, Transfer-Encoding, Host, Content-Type, Content-Encoding, Content-Security-Policy", null],
  ["Cache-Control, Authorization, Cookie, Set-Cookie, Expect, Range, If-Match", null],
  ["X-Forwarded-For, X-Forwarded-Anything, Forwarded, Via, X-Real-IP, X-Request-ID, traceparent", null],
  ["Sec-WebSocket-Key, Access-Control-Allow-Origin, Strict-Transport-Security, X-Client-Cert, X-Auth-User", null],
  ["x-foo, Authorization", ["x-foo"]],
];

Deno.test("nominated() yields what Connection names, without what must not be taken away", () => {
  for (const [connection, names] of TABLE) assert.deepEqual(nominated(connection), names, JSON.stringify(connection));
});

Deno.test("the hop-by-hop lists have the fields of RFC 9110 §7.6.1 and Proxy-*, and are in lower case", () => {
  for (const list of [REQUEST_HOP, RESPONSE_HOP]) {
    for (
      const name of ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]
    ) {
      assert.ok(list.includes(name), name);
    }
    for (const name of ["proxy-authenticate", "proxy-authentication-info", "proxy-authorization"]) {
      assert.ok(list.includes(name), name);
    }
    assert.ok(!list.includes("proxy-status") && !list.includes("content-length") && !list.includes("host"));
    assert.deepEqual(list, list.map((name) => name.toLowerCase()));
    assert.equal(new Set(list).size, list.length);
  }
  assert.ok(REQUEST_HOP.includes("proxy") && REQUEST_HOP.includes("http2-settings"));
  assert.ok(!RESPONSE_HOP.includes("proxy"));
});
