import { strict as assert } from "node:assert";
import { NO_DIRECTIVES, type ResponseDirectives } from "../../../../src/policies/cache/rules/response_directives.ts";
import { targetedDirectives } from "../../../../src/policies/cache/rules/targeted.ts";

Deno.test("targetedDirectives() reads a dictionary, and gives nothing where it is none", () => {
  const cases: [value: string, said: Partial<ResponseDirectives> | null][] = [
    ["max-age=60, must-revalidate", { maxAge: 60_000, mustRevalidate: true, allowsAuthorized: true }],
    ["max-age=1, max-age=60", { maxAge: 60_000 }],
    ["max-age=60;a=1;b, foobar", { maxAge: 60_000 }],
    ["max-age=99999999999", { maxAge: 2_147_483_648_000 }],
    ["foo", {}],
    ["no-store, private", { noStore: true, isPrivate: true }],
    ["no-store=?0, private=?0", {}],
    ['no-cache="a,b"', { withheld: ["a", "b"] }],
    // Of another type than the directive has: what forbids counts nevertheless.
    ["no-cache=a", { noCache: true }],
    ["no-store=1", { noStore: true }],
    ["public=1", {}],
    ['max-age="60"', { maxAge: 0 }],
    ["max-age=60.0", { maxAge: 0 }],
    ["max-age=-60", { maxAge: 0 }],
    ["max-age", { maxAge: 0 }],
    ["max-age=(60)", { maxAge: 0 }],
    ["", null],
    ["MaX-aGe=60", null],
    ["max-age =60", null],
    ["max-age= 60", null],
    ["max-age=60, &&&&&", null],
    ["max-age=60,", null],
    ["max-age=60; private", { maxAge: 60_000 }],
    ["max-age=1234567890123456", null],
    ['no-cache="a', null],
  ];
  for (const [value, said] of cases) {
    assert.deepEqual(targetedDirectives(value), said === null ? null : { ...NO_DIRECTIVES, ...said }, value);
  }
});
