import assert from "node:assert/strict";
import { ownResponse } from "../../../../src/policies/cache/memory/own_response.ts";
import { kept } from "./kept.ts";

Deno.test("a copy of an answer says the same", () => {
  const response = kept("body", {
    fields: ["content-type", "text/plain; charset=utf-8", "x-something-of-its-own", "", "x-a", "é and more than a few"],
    vary: ["accept-encoding", "x-a"],
    tags: ["a tag", "a tag that is longer than most"],
    receivedAt: 17,
  });
  assert.deepEqual(ownResponse(response), response);
});

Deno.test("a body is copied out of a buffer that is larger, and not where little would be saved", () => {
  const buffer = new Uint8Array(1_000).fill(7);
  const part = ownResponse({ ...kept(""), body: buffer.subarray(100, 200) });
  assert.deepEqual(part.body, new Uint8Array(100).fill(7));
  assert.equal(part.body.buffer.byteLength, 100);
  assert.equal(ownResponse({ ...kept(""), body: buffer.subarray(0, 950) }).body.buffer, buffer.buffer);
  assert.equal(ownResponse({ ...kept(""), body: buffer.subarray(0, 0) }).body.buffer.byteLength, 0);
});
