import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { AuthorityCache } from "../../../src/http/authority_cache.ts";
import { isTarget, originTarget, type TargetOptions } from "../../../src/runtime/intake/target.ts";

const OPTIONS: TargetOptions = {
  paths: { encodedSlash: "keep", mergeSlashes: false },
  authorities: new AuthorityCache(),
  maxTarget: 100,
};

const read = (origin: string, authority = "a.example") => originTarget(origin, authority, OPTIONS);

const GOOD: readonly [origin: string, path: string, query: string][] = [
  ["/", "/", ""],
  ["/a/b", "/a/b", ""],
  ["/a?b=c", "/a", "?b=c"],
  ["/?", "/", "?"],
  ["/a?b?c", "/a", "?b?c"],
  ["/a?%41=%zz&x=/../", "/a", "?%41=%zz&x=/../"],
  ["/a/../b", "/b", ""],
  ["/../a", "/a", ""],
  ["/a%2Fb", "/a%2Fb", ""],
  ["/" + "y".repeat(99), "/" + "y".repeat(99), ""],
];

for (const [origin, path, query] of GOOD) {
  Deno.test(`originTarget() reads ${JSON.stringify(origin)}`, () => {
    assert.deepEqual(read(origin), { authority: "a.example", host: "a.example", path, query });
  });
}

const BAD: readonly [origin: string, authority: string, refusal: string][] = [
  ["/" + "y".repeat(100), "a", "414 target_too_long"],
  ["/a?" + "y".repeat(98), "a", "414 target_too_long"],
  ["/a?b#c", "a", "400 bad_target"],
  ["/a?b c", "a", "400 bad_target"],
  ["/a?b\x80", "a", "400 bad_target"],
  ["/a?b\x7f", "a", "400 bad_target"],
  ["/a?b\x00", "a", "400 bad_target"],
  ["/a#b", "a", "400 bad_path"],
  ["/a b", "a", "400 bad_path"],
  ["/a\\b", "a", "400 bad_path"],
  ["/%00", "a", "400 bad_path"],
  ["/%zz", "a", "400 bad_path"],
  ["/a/..%2Fb", "a", "400 bad_path"],
  ["/", "a b", "400 bad_host"],
  ["/", "a/b", "400 bad_host"],
  ["/", "user@a", "400 bad_host"],
  ["/", "a:99999", "400 bad_host"],
];

for (const [origin, authority, refusal] of BAD) {
  Deno.test(`originTarget() refuses ${JSON.stringify(origin)} on ${JSON.stringify(authority)} with ${refusal}`, () => {
    const result = read(origin, authority);
    assert.equal(isTarget(result) ? JSON.stringify(result) : `${result.status} ${result.code}`, refusal);
  });
}

Deno.test("originTarget(): the authority as sent, the host in lower case and without port", () => {
  for (const [authority, host] of [["A.Example:8080", "a.example"], ["[::1]:80", "[::1]"], ["10.0.0.1", "10.0.0.1"]]) {
    assert.deepEqual(read("/", authority), { authority, host, path: "/", query: "" });
  }
});

Deno.test("originTarget(): HTTP/1.0 without a host has none", () => {
  assert.deepEqual(read("/", ""), { authority: "", host: "", path: "/", query: "" });
});

Deno.test("property: originTarget() forwards a query byte for byte, or refuses it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary-ascii", maxLength: 60 }), (query) => {
    const result = read("/a?" + query);
    if (isTarget(result)) assert.equal(result.query, "?" + query);
    else assert.match(query, /[^\x21-\x7e]|#/);
  }));
});
