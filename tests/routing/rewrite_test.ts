import { strict as assert } from "node:assert";
import { parsePattern } from "../../src/routing/pattern.ts";
import { isPatternError, type PatternError } from "../../src/routing/pattern_error.ts";
import { compileRewrite, type Rewrite } from "../../src/routing/rewrite.ts";

function compile(template: string, pattern: string): Rewrite | PatternError {
  const parsed = parsePattern(pattern);
  if (isPatternError(parsed)) throw new Error(parsed.message);
  return compileRewrite(template, parsed);
}

const REWRITES: [pattern: string, template: string, captures: string[], path: string][] = [
  ["/api/users/:id", "/users/:id", ["7"], "/users/7"],
  ["/api/users/{id}", "/users/{id}/", ["a%2Fb"], "/users/a%2Fb/"],
  ["/:a/:b", "/:b/x/:a/:b", ["1", "2"], "/2/x/1/2"],
  ["/api/*", "/v2/*", ["a/b%20c"], "/v2/a/b%20c"],
  ["/api/*", "/v2/*", [""], "/v2/"],
  ["/api/:id/*rest", "/x/:id/*rest", ["7", "p/q/"], "/x/7/p/q/"],
  ["/api/*rest", "/fixed", ["p/q"], "/fixed"],
  ["/*/:id", "/:id", ["7"], "/7"],
  ["/a", "/", [], "/"],
];

for (const [pattern, template, captures, path] of REWRITES) {
  Deno.test(`compileRewrite(${template}) of ${pattern} gives ${path}`, () => {
    const rewrite = compile(template, pattern);
    assert(typeof rewrite === "function");
    assert.equal(rewrite(captures), path);
  });
}

const ERRORS: [pattern: string, template: string, message: RegExp, remedy: string][] = [
  ["/users/:id", "/users/:idd", /the path "\/users\/:id" has no parameter ":idd"/, ":id"],
  ["/users/{id}/:post", "/:user", /no parameter ":user"/, "one of :id, :post"],
  ["/users/:id/*", "/users/*rest", /no wildcard "\*rest"/, "one of :id, *"],
  ["/users/*rest", "/users/*", /no wildcard "\*"/, "*rest"],
  ["/users", "/users/:id", /no parameter ":id"/, "a path without parameters"],
  ["/*/x/*", "/*/y", /"\*" before the end/, "*"],
  ["/users/:id", "users/:id", /does not begin with/, `"/users/:id"`],
  ["/users/:id", "/users?id=1", /the query goes on/, `"/users"`],
  ["/users/:id", "/users/{id}.json", /takes a whole segment/, `"/users/:id"`],
  ["/users/:id", "/a/../:id", /resolved/, `"/:id"`],
];

for (const [pattern, template, message, remedy] of ERRORS) {
  Deno.test(`compileRewrite(${template}) of ${pattern} says what to write: ${remedy}`, () => {
    const error = compile(template, pattern);
    assert(typeof error !== "function", "no error");
    assert.match(error.message, message);
    assert.equal(error.remedy, remedy);
  });
}
