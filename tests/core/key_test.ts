import { strict as assert } from "node:assert";
import { cookieValue, isFact, parseKey, queryValue } from "../../src/core/key.ts";

for (
  const text of [
    "",
    "IP",
    "header",
    "header:",
    "header:a b",
    "jwt",
    "jwt:",
    "param:",
    "param:1a",
    "param:a-b",
    "heder:x",
    "toString",
    "cookie:",
    "constructor:x",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no key`, () => assert.equal(parseKey(text), undefined));
}

for (
  const text of [
    "ip",
    "global",
    "route",
    "consumer",
    "basic:user",
    "request:id",
    "header:X-A",
    "query:a b",
    "cookie:sid",
    "jwt:https://x/y",
    "param:id",
    "param:*",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is a key`, () => assert.equal(typeof parseKey(text), "function"));
}

Deno.test("facts are the keys that something earlier must provide", () => {
  const facts = ["consumer", "basic:user", "jwt:sub", "param:id", "ip", "header:x", "request:id"].filter(isFact);
  assert.deepEqual(facts, ["consumer", "basic:user", "jwt:sub", "param:id"]);
});

Deno.test("queryValue() takes the first and decodes it", () => {
  assert.equal(queryValue("?a=1&a=2", "a"), "1");
  assert.equal(queryValue("?a=x%20y+z", "a"), "x y z");
  assert.equal(queryValue("?a", "a"), "");
  assert.equal(queryValue("?ab=1", "a"), undefined);
  assert.equal(queryValue("", "a"), undefined);
});

Deno.test("cookieValue() finds the first of the name and unquotes it", () => {
  assert.equal(cookieValue("a=1; b=2; a=3", "a"), "1");
  assert.equal(cookieValue('a="q"', "a"), "q");
  assert.equal(cookieValue('a="', "a"), '"');
  assert.equal(cookieValue("xa=1", "a"), undefined);
  assert.equal(cookieValue("a", "a"), undefined);
  assert.equal(cookieValue("a=b=c", "a"), "b=c");
  assert.equal(cookieValue(null, "a"), undefined);
});
