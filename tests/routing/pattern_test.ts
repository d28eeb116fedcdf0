import { strict as assert } from "node:assert";
import { parsePattern, type Pattern } from "../../src/routing/pattern.ts";
import { isPatternError } from "../../src/routing/pattern_error.ts";
import { Router } from "../../src/routing/router.ts";

/** What a pattern captures of a path, or `null` where it does not match. */
function match(pattern: string, path: string): string[] | null {
  const route = { id: "r", pattern, methods: [], hosts: [], predicates: [], value: true, source: "" };
  const captures: string[] = [];
  const request = { method: "GET", path, host: "h", query: "", headers: { get: () => null } };
  return new Router([route]).find(request, captures) === null ? null : captures;
}

function parsed(text: string): Pattern {
  const pattern = parsePattern(text);
  if (isPatternError(pattern)) throw new Error(pattern.message);
  return pattern;
}

const MATCHES: [pattern: string, path: string, captures: string[] | null][] = [
  ["/", "/", []],
  ["/", "/a", null],
  ["/a", "/a", []],
  ["/a", "/a/", null],
  ["/a/", "/a/", []],
  ["/a/", "/a", null],
  ["/a", "/A", null],
  ["/a//b", "/a//b", []],
  ["/a//b", "/a/b", null],
  ["/users/:id", "/users/7", ["7"]],
  ["/users/{id}", "/users/7", ["7"]],
  ["/users/:id", "/users/", null],
  ["/users/:id", "/users", null],
  ["/users/:id", "/users/7/", null],
  ["/users/:id/", "/users/7/", ["7"]],
  ["/users/:id/orders/:order", "/users/7/orders/a%2Fb", ["7", "a%2Fb"]],
  ["/:a/:b", "/x/y", ["x", "y"]],
  ["/:a", "/x%20y", ["x%20y"]],
  ["/*/b", "/a/b", []],
  ["/*/b", "//b", null],
  ["/*/:id/*", "/a/7/x/y", ["7", "x/y"]],
  ["/api/*", "/api", [""]],
  ["/api/*", "/api/", [""]],
  ["/api/*", "/api/a/b", ["a/b"]],
  ["/api/*", "/api//", ["/"]],
  ["/api/*", "/apix", null],
  ["/api/*rest", "/api/a%2fb/", ["a%2fb/"]],
  ["/*", "/", [""]],
  ["/*", "/a/b", ["a/b"]],
  ["/*", "*", null],
  ["/*", "", null],
  ["/v1/things:batch", "/v1/things:batch", []],
  ["/v1/things:batch", "/v1/things", null],
  ["/@me/a,b;c=1", "/@me/a,b;c=1", []],
  ["/a[1]|^", "/a[1]|^", []],
  ["/caf%C3%A9", "/caf%C3%A9", []],
  ["/a%2Fb", "/a%2Fb", []],
  ["/a%2Fb", "/a/b", null],
];

for (const [pattern, path, captures] of MATCHES) {
  const outcome = captures === null ? "does not match" : `captures ${JSON.stringify(captures)} of`;
  Deno.test(`parsePattern(${pattern}) ${outcome} ${path === "" ? "an empty path" : path}`, () => {
    assert.deepEqual(match(pattern, path), captures);
  });
}

const ERRORS: [pattern: string, message: RegExp, remedy: string][] = [
  ["", /does not begin with "\/"/, `"/"`],
  ["users", /does not begin with "\/"/, `"/users"`],
  ["*", /does not begin with "\/"/, `"/*"`],
  ["/users/:", /":" has no name/, `"/users/:id"`],
  ["/users/{}", /"{}" has no name/, `"/users/:id"`],
  ["/users/:1st", /"1st" is no name/, `"/users/:id"`],
  ["/users/:user-id", /"user-id" is no name/, `"/users/:user"`],
  ["/files/:name.json", /a parameter takes a whole segment/, `"/files/:name"`],
  ["/files/{name}.json", /a parameter takes a whole segment/, `"/files/:name"`],
  ["/files/x{name}", /a parameter takes a whole segment/, `"/files/:name"`],
  ["/users/{id:int}", /"id:int" is no name/, `"/users/:id"`],
  ["/users/{id", /do not close/, `"/users/:id"`],
  ["/users/{*rest}", /not written in braces/, `"/users/*rest"`],
  ["/users/:__proto__", /cannot be a name/, `"/users/:proto"`],
  ["/:id/x/:id", /"id" stands twice/, `two different names, such as "id" and "id2"`],
  ["/:id/:id2/*id", /"id" stands twice/, `two different names, such as "id" and "id3"`],
  ["/*rest/x", /"\*rest" is not the last segment/, `"/:rest/x"`],
  ["/a/**", /"\*\*" is no wildcard/, `"/a/*"`],
  ["/a/*1", /"1" is no name/, `"/a/*id"`],
  ["/a/*.js", /"\.js" is no name/, `"/a/*id"`],
  ["/a/b*", /inside the segment "b\*"/, `"/a/*"`],
  ["/a?b=1", /begins the query/, `"/a" and the route's "query", or %3F for the character`],
  ["/users/:id?", /cannot be optional/, `two routes, "/users" and "/users/:id"`],
  ["/:lang?", /cannot be optional/, `two routes, "/" and "/:lang"`],
  ["/a#b", /fragment/, `"/a", or %23 for the character`],
  ["/a b", /a space cannot stand/, `"/a%20b"`],
  ["/café/ü", /"é" cannot stand/, `"/caf%C3%A9/%C3%BC"`],
  ["/😀", /"😀" cannot stand/, `"/%F0%9F%98%80"`],
  ["/\ud800", /cannot stand/, `"/%EF%BF%BD"`],
  ["/a\x00b", /control character/, `"/ab"`],
  ["/a%0Ab%7f", /control character/, `"/ab"`],
  ["/users/[id]", /not how a parameter is written/, `"/users/:id"`],
  ["/[...slug]", /not how a parameter is written/, `"/*slug"`],
  ["/users/<int:id>", /not how a parameter is written/, `"/users/:id"`],
  ["/a\\b", /cannot stand/, `"/a%5Cb"`],
  ["/100%", /not followed by two hex digits/, `"/100%25"`],
  ["/%zz", /not followed by two hex digits/, `"/%25zz"`],
  ["/%41", /"%41" is "A"/, `"/A"`],
  ["/a%2fb", /"a%2fb" is "a%2Fb"/, `"/a%2Fb"`],
  ["/a/../b", /"\.\." is resolved/, `"/b"`],
  ["/a/./b", /"\." is resolved/, `"/a/b"`],
  ["/./", /"\." is resolved/, `"/"`],
  ["/a/b/..", /"\.\." is resolved/, `"/a/"`],
  ["/../..", /"\.\." is resolved/, `"/"`],
  ["/%2e%2E/b", /"%2e%2E" is resolved/, `"/b"`],
  ["/a/%2e", /"%2e" is resolved/, `"/a/"`],
];

for (const [pattern, message, remedy] of ERRORS) {
  Deno.test(`parsePattern(${JSON.stringify(pattern)}) says what to write: ${remedy}`, () => {
    const error = parsePattern(pattern);
    assert(isPatternError(error), "no error");
    assert.match(error.message, message);
    assert.equal(error.remedy, remedy);
  });
}

Deno.test("parsePattern() remedies that are patterns parse", () => {
  for (const [pattern, , remedy] of ERRORS) {
    const written = /^"([^"]*)"/.exec(remedy)?.[1];
    if (written !== undefined) assert(!isPatternError(parsePattern(written)), `${pattern} → ${written}`);
  }
});

Deno.test("parsePattern() gives names, normal text and shape", () => {
  const pattern = parsed("/a/{id}/*/x:y/*rest");
  assert.deepEqual(pattern.names, ["id", "rest"]);
  assert.equal(pattern.text, "/a/:id/*/x:y/*rest");
  assert.deepEqual(parsed("/a/*").names, ["*"]);
  assert.equal(parsed("/a/*").text, "/a/*");
});

Deno.test("parsePattern() gives patterns that match the same paths one shape", () => {
  assert.equal(parsed("/:a/*/x/*rest").shape, parsed("/{b}/:c/x/*").shape);
  const shapes = ["/", "/a", "/a/", "/a/*", "/a/:b", "/a/b", "/:a", "/*", "/*/", "/a//b", "/:a/*"].map((text) =>
    parsed(text).shape
  );
  assert.equal(new Set(shapes).size, shapes.length);
});
