import { strict as assert } from "node:assert";
import { acceptKey, isWebSocketKey, newWebSocketKey } from "../../../src/http/websocket/accept_key.ts";

Deno.test("acceptKey() answers the example of RFC 6455 §1.3", () => {
  assert.equal(acceptKey("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});

Deno.test("isWebSocketKey() takes 16 bytes in base64 and nothing else (RFC 6455 §4.2.1)", () => {
  for (const key of ["dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA==", "++++////0000////zzzzZZ=="]) {
    assert.equal(isWebSocketKey(key), true, key);
  }
  const short = ["", "AAAA", "AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA==="];
  const wrong = [
    "AAAAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAAAA=",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAA AAAAAAAAAAAAA==",
  ];
  const near = [
    "-___AAAAAAAAAAAAAAAAAA==",
    "AAAAAAAAAAAAAAAAAAAAAA==\n",
    " AAAAAAAAAAAAAAAAAAAAAA==",
    "AAAAAAAAAAAAAAAAAAAAAA==,",
  ];
  for (const key of [...short, ...wrong, ...near]) assert.equal(isWebSocketKey(key), false, JSON.stringify(key));
});

Deno.test("newWebSocketKey() makes valid keys that differ", () => {
  const keys = Array.from({ length: 50 }, newWebSocketKey);
  assert.ok(keys.every(isWebSocketKey));
  assert.equal(new Set(keys).size, keys.length);
});
