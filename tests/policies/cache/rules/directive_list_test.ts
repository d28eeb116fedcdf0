import { strict as assert } from "node:assert";
import fc from "fast-check";
import { readDirectives } from "../../../../src/policies/cache/rules/directive_list.ts";

/** `name`, `name=argument` or, for an unsound one, `!name`. */
function read(value: string): string {
  return readDirectives(value).map(({ name, argument, sound }) =>
    `${sound ? "" : "!"}${name}${argument === null ? "" : `=${argument}`}`
  ).join(" ; ");
}

Deno.test("readDirectives() reads what the grammar has, and makes unsound directives of the words of the rest", () => {
  const cases: [value: string, read: string][] = [
    ["", ""],
    [" , ,\t", ""],
    ["no-store", "no-store"],
    ["No-StOrE", "no-store"],
    ["max-age=5,no-cache , public\t,", "max-age=5 ; no-cache ; public"],
    ['max-age="5"', "max-age=5"],
    ['private="a, b" , x="\\"\\\\"', 'private=a, b ; x="\\'],
    ['x=""', "x="],
    ["max-age=-5", "max-age=-5"],
    ["max-age='5'", "max-age='5'"],
    ["x=\xe9, no-store", "!x ; no-store"],
    ["max-age =5", "!max-age ; !5"],
    ["max-age= 5, no-store", "!max-age ; !5 ; no-store"],
    ["max-age=, public", "!max-age ; public"],
    ["max-age=60; private, a", "!max-age ; !60 ; !private ; a"],
    ["no-store max-age=5", "!no-store ; !max-age ; !5"],
    ["max-age=5=6", "!max-age ; !5 ; !6"],
    ["=5, a", "!5 ; a"],
    ['a, x="no-store, max-age=5', "a ; !x ; !no-store ; !max-age ; !5"],
    ['x y="a, public", max-age=5', "!x ; !y ; !a ; !public ; !max-age ; !5"],
    ['"no-store"', "!no-store"],
    ['x="a"b, public', "!x ; !a ; !b ; !public"],
  ];
  for (const [value, expected] of cases) assert.equal(read(value), expected, value);
});

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

Deno.test("readDirectives() reads back what was written by the grammar", () => {
  const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9a-z]{1,8}$/);
  const member = fc.record({
    name: token,
    argument: fc.option(fc.string({ unit: "binary-ascii" })),
    quotes: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(member), (members) => {
    const text = members.map(({ name, argument, quotes }) => {
      if (argument === null) return name;
      const plain = !quotes && TOKEN.test(argument);
      return `${name}=${plain ? argument : `"${argument.replaceAll(/["\\]/g, "\\$&")}"`}`;
    }).join(" ,, ");
    const expected = members.map(({ name, argument, quotes }) => ({
      name,
      argument,
      quoted: argument !== null && (quotes || !TOKEN.test(argument)),
      sound: true,
    }));
    assert.deepEqual(readDirectives(text), expected);
  }));
});

Deno.test("readDirectives() reads any text to its end, and long ones in one pass", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    readDirectives(text);
  }));
  for (const part of [" ", "a ", 'a="', '"', ",", 'a="\\', "a=b ", "= "]) readDirectives(part.repeat(100_000));
});
