import { strict as assert } from "node:assert";
import { parseAuthority } from "../../src/http/authority.ts";
import { AuthorityCache } from "../../src/http/authority_cache.ts";

Deno.test("AuthorityCache gives the answers of parseAuthority(), and the same object the second time", () => {
  const cache = new AuthorityCache(), valid = ["a.example", "A.example:80", "[::1]:443"];
  for (const text of valid) {
    const first = cache.parse(text);
    assert.deepEqual(first, parseAuthority(text));
    assert.equal(cache.parse(text), first);
  }
  assert.equal(cache.size, valid.length);
});

Deno.test("AuthorityCache keeps no invalid authority", () => {
  const cache = new AuthorityCache(1), kept = cache.parse("a.example");
  for (const text of ["", "a b", "a:99999", "u@h"]) assert.equal(cache.parse(text), null);
  assert.equal(cache.size, 1);
  assert.equal(cache.parse("a.example"), kept);
});

Deno.test("AuthorityCache keeps to its limit and forgets the oldest", () => {
  const cache = new AuthorityCache(3);
  const first = cache.parse("h1"), second = cache.parse("h2");
  cache.parse("h3");
  cache.parse("h4");
  assert.equal(cache.size, 3);
  assert.equal(cache.parse("h2"), second);
  assert.notEqual(cache.parse("h1"), first);
  for (let i = 0; i < 1000; i++) cache.parse(`host-${i}`);
  assert.equal(cache.size, 3);
});
