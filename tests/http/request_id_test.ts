import { strict as assert } from "node:assert";
import { isRequestId, RequestIds } from "../../src/http/request_id.ts";

Deno.test("isRequestId() takes 1 to 128 of [A-Za-z0-9._-]", () => {
  const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  for (let code = 0; code < 0x180; code++) {
    const character = String.fromCharCode(code);
    assert.equal(isRequestId("x" + character), allowed.includes(character), `U+${code.toString(16)}`);
  }
  assert.equal(isRequestId(""), false);
  assert.equal(isRequestId("a".repeat(128)), true);
  assert.equal(isRequestId("a".repeat(129)), false);
});

Deno.test("RequestIds.take() keeps an id that it accepts", () => {
  const any = new RequestIds({ accept: "any" }, "p"), trusted = new RequestIds({ accept: "trusted" }, "q");
  assert.equal(any.take("abc-1", false), "abc-1");
  assert.equal(any.take("abc-1", true), "abc-1");
  assert.equal(trusted.take("abc-1", true), "abc-1");
  assert.equal(trusted.take("abc-1", false), "q-1");
});

Deno.test("RequestIds.take() makes an id where there is none that is valid", () => {
  const ids = new RequestIds({ accept: "any" }, "p");
  const sent = [null, "", "a b", "a, b", "a\r\nx: y", "é", "a".repeat(129)];
  assert.deepEqual(sent.map((incoming) => ids.take(incoming, true)), ["p-1", "p-2", "p-3", "p-4", "p-5", "p-6", "p-7"]);
});

Deno.test("RequestIds of different processes do not meet, and make valid ids", () => {
  const first = new RequestIds({ accept: "any" }).take(null, false);
  const second = new RequestIds({ accept: "any" }).take(null, false);
  assert.match(first, /^[0-9a-f]{20}-1$/);
  assert.notEqual(first, second);
  assert.ok(isRequestId(first));
});
