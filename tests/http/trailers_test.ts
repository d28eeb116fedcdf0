import { strict as assert } from "node:assert";
import fc from "fast-check";
import { forwardableTrailer, trailerText } from "../../src/http/trailers.ts";

const KINDS: [string, string[]][] = [
  ["framing", ["content-length", "transfer-encoding", "trailer", "te", "connection", "upgrade", "keep-alive"]],
  ["what is for a proxy", ["proxy", "proxy-authorization", "proxy-authenticate", "proxy-connection", "proxy-anything"]],
  ["routing", ["host", "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "x-original-url"]],
  ["request modifiers", ["expect", "max-forwards", "cache-control", "pragma", "range", "if-match", "if-none-match"]],
  ["methods in disguise", ["x-http-method-override", "x-method-override"]],
  ["authentication", ["authorization", "www-authenticate", "authentication-info", "cookie", "set-cookie"]],
  ["how to read content", ["content-type", "content-encoding", "content-range", "content-location"]],
  ["response control", ["age", "date", "expires", "location", "retry-after", "vary", "warning", "allow"]],
  ["what browsers enforce", ["content-security-policy", "strict-transport-security", "access-control-allow-origin"]],
  ["request ids", ["x-request-id", "x-correlation-id", "traceparent", "tracestate"]],
  ["handshakes", ["sec-websocket-accept", "http2-settings"]],
  ["names that CGI reads as others", ["content_length", "x_forwarded_for", "user_id"]],
  ["names that are none", ["", ":status", "a b", "a\r\nb", "ä", "content-digest\r\n"]],
  ["any case", ["Content-Length", "TRANSFER-ENCODING", "X-Forwarded-For", "If-Match"]],
];

for (const [what, names] of KINDS) {
  Deno.test(`forwardableTrailer() stops ${what} (RFC 9110 §6.5.1)`, () => {
    for (const name of names) assert.equal(forwardableTrailer(name), false, name);
  });
}

Deno.test("forwardableTrailer() lets pass what is known at the end only, and what is unknown", () => {
  const digests = ["content-digest", "repr-digest", "digest", "content-md5", "x-amz-checksum-crc32c", "etag"];
  const outcomes = ["grpc-status", "grpc-message", "server-timing", "proxy-status", "X-Checksum", "x-end"];
  for (const name of [...digests, ...outcomes]) assert.equal(forwardableTrailer(name), true, name);
});

Deno.test("trailerText() writes a line for each field that may pass, in order and with duplicates", () => {
  const trailers = ["x-end", "1", "content-length", "5", "x-end", "2", "authorization", "Basic x", "etag", ""];
  assert.equal(trailerText(trailers), "x-end: 1\r\nx-end: 2\r\netag: \r\n");
});

Deno.test("trailerText() is empty without trailers", () => {
  assert.equal(trailerText(null), "");
  assert.equal(trailerText([]), "");
  assert.equal(trailerText(["host", "evil"]), "");
});

Deno.test("property: trailerText() is the lines of the forwardable fields", () => {
  const name = fc.constantFrom("x-a", "x-b", "host", "te", "grpc-status", "cookie");
  const value = fc.string({ unit: fc.constantFrom("a", " ", ":", "\xe9", ",") });
  fc.assert(fc.property(fc.array(fc.tuple(name, value)), (fields) => {
    const kept = fields.filter(([name]) => ["x-a", "x-b", "grpc-status"].includes(name));
    assert.equal(trailerText(fields.flat()), kept.map(([name, value]) => `${name}: ${value}\r\n`).join(""));
  }));
});
