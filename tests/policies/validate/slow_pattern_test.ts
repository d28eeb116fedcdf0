import { strict as assert } from "node:assert";
import { isSlowPattern } from "../../../src/policies/validate/slow_pattern.ts";

Deno.test("a repetition in a repetition is seen, and none where there is none", () => {
  const slow = ["(a+)+", "^(a*)*$", "(?:x+y?)*", "((a|b)*c)+", "([a-z]+){2,}", "(\\d+)*", "^(?:(?:a+)b)+", "((a+))+"];
  const plain = ["a+", "^(abc)+$", "(a{1,3})+", "[(+)]+", "\\(a+\\)+", "(a+)(b+)", "(a+){3}", "", "(a+)?", "([+*])+"];
  assert.deepEqual(slow.filter((pattern) => !isSlowPattern(pattern)), []);
  assert.deepEqual(plain.filter((pattern) => isSlowPattern(pattern)), []);
});
