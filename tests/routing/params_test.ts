import { strict as assert } from "node:assert";
import fc from "fast-check";
import { decodeParam, decodeParams } from "../../src/routing/params.ts";

const CASES: [raw: string, decoded: string][] = [
  ["", ""],
  ["plain", "plain"],
  ["a%20b", "a b"],
  ["a+b", "a+b"],
  ["caf%C3%A9", "café"],
  ["%F0%9F%98%80", "😀"],
  ["a%2Fb/c", "a/b/c"],
  ["%ff", "%ff"],
  ["%C3%A9-%FF-%c3%a9", "é-%FF-é"],
  ["%C3", "%C3"],
  ["%E2%82", "%E2%82"],
  ["%C0%AF", "%C0%AF"],
  ["%ED%A0%80%41", "%ED%A0%80A"],
  ["%FF%E2%82%AC", "%FF€"],
];

for (const [raw, decoded] of CASES) {
  Deno.test(`decodeParam(${raw}) is ${decoded}`, () => assert.equal(decodeParam(raw), decoded));
}

Deno.test("decodeParam() undoes percent-encoding", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.equal(decodeParam(encodeURIComponent(text)), text);
  }));
});

Deno.test("decodeParam() leaves what is not UTF-8 in place between decoded text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
    const raw = `${encodeURIComponent(before)}%FF${encodeURIComponent(after)}`;
    assert.equal(decodeParam(raw), `${before}%FF${after}`);
  }));
});

Deno.test("decodeParams() puts decoded captures under their names and freezes them", () => {
  const params = decodeParams(["id", "constructor", "*"], ["a%20b", "c", "x/y"]);
  assert.deepEqual(params, { id: "a b", constructor: "c", "*": "x/y" });
  assert(Object.isFrozen(params));
  assert.deepEqual(decodeParams([], []), {});
});
