import { strict as assert } from "node:assert";
import fc from "fast-check";
import { seenText } from "../../src/config/seen.ts";
import { secret } from "../../src/core/secret.ts";

const SEEN: readonly (readonly [what: string, value: unknown, text: string])[] = [
  ["a text in quotes", "a\nb", '"a\\nb"'],
  ["a number", 5, "5"],
  ["nothing", null, "null"],
  ["a list", ["a", 1, []], '["a", 1, []]'],
  ["settings", { url: "http://a", "x-y": [1] }, '{ url: "http://a", "x-y": [1] }'],
  ["what is deep as a hint", { a: { b: { c: { d: 1 } }, e: [[1]] } }, "{ a: { b: { … }, e: […] } }"],
  ["the first of many", [1, 2, 3, 4, 5, 6, 7], "[1, 2, 3, 4, 5, 6, …]"],
  ["a secret as its reference", [secret.env("KEY"), secret.file("k.pem")], '[secret.env("KEY"), secret.file("k.pem")]'],
  ["a URL without its credentials", "https://bob:pw@host/x", '"https://…@host/x"'],
  ["a URL whose password was not escaped without it", "redis://:hun#t/e?r2@x", '"redis://…@x"'],
  ["an address without a scheme without its credentials", "user:hunter2@host:6379", '"…@host:6379"'],
  ["an address as it is", "host:6379", '"host:6379"'],
  [
    "a text under a key that names a credential not at all",
    { apiToken: "pw", authorization: "pw", a: 1 },
    "{ apiToken: …, authorization: …, a: 1 }",
  ],
  ["a key of a certificate not at all", "-----BEGIN PRIVATE KEY-----\nabc", "a text, not shown here"],
  ["a function by its name", seenText, "the function seenText"],
];
for (const [what, value, text] of SEEN) {
  Deno.test(`seenText() shows ${what}`, () => assert.equal(seenText(value), text));
}

Deno.test("seenText() clips long texts", () => {
  const text = seenText("x".repeat(500));
  assert.ok(text.length === 80 && text.endsWith('…"'));
});

Deno.test("seenText() shows anything on one line, and does not go on for ever", () => {
  const loop: unknown[] = [];
  loop.push(loop, { loop });
  assert.equal(seenText(loop), "[[[…], { … }], { loop: […] }]");
  fc.assert(fc.property(fc.anything(), (value) => {
    const text = seenText(value);
    assert.ok(!text.includes("\n") && text.length < 4_000, text);
  }));
});
