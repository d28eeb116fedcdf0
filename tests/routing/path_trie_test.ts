import { strict as assert } from "node:assert";
import { PathTrie } from "../../src/routing/path_trie.ts";
import { parseSegments } from "../../src/routing/pattern.ts";

function trieOf(patterns: readonly string[]): PathTrie<string> {
  const trie = new PathTrie<string>();
  for (const pattern of patterns) {
    const segments = parseSegments(pattern);
    assert(Array.isArray(segments));
    trie.ensure(segments, () => pattern);
  }
  return trie;
}

Deno.test("PathTrie.search() meets matching patterns from the most specific on", () => {
  const patterns = ["/*", "/a/*", "/a/b/*", "/a/:x", "/:x/b", "/a/b", "/:x/:y", "/:x/*", "/a/c", "/a", "/a/b/c"];
  const met: string[] = [];
  trieOf(patterns).search("/a/b", 1, [], null, (pattern) => {
    met.push(pattern);
    return null;
  });
  assert.deepEqual(met, ["/a/b", "/a/b/*", "/a/:x", "/a/*", "/:x/b", "/:x/:y", "/:x/*", "/*"]);
});

Deno.test("PathTrie.search() meets no place twice, however many ways there are to go wrong", () => {
  const depth = 10;
  const patterns = Array.from(
    { length: 2 ** depth },
    (_, bits) => Array.from({ length: depth }, (_, i) => bits & (1 << i) ? `/:p${i}` : "/a").join("") + "/*",
  );
  const met = new Map<string, number>();
  trieOf(patterns).search("/a".repeat(depth) + "/b/c", 1, [], null, (pattern) => {
    met.set(pattern, (met.get(pattern) ?? 0) + 1);
    return null;
  });
  assert.equal(met.size, patterns.length);
  assert.deepEqual(new Set(met.values()), new Set([1]));
});

Deno.test("PathTrie.search() takes back the captures of ways that led nowhere", () => {
  const captures: string[] = [];
  const found = trieOf(["/:a/:b/x", "/:a/*rest"]).search("/1/2/3", 1, captures, null, (pattern) => pattern);
  assert.equal(found, "/:a/*rest");
  assert.deepEqual(captures, ["1", "2/3"]);
});
