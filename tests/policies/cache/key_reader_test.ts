import { strict as assert } from "node:assert";
import fc from "fast-check";
import { silentLog } from "../../../src/core/log.ts";
import type { PurgeTarget } from "../../../src/core/purge.ts";
import { parseAuthority } from "../../../src/http/authority.ts";
import { canonicalPath } from "../../../src/http/canonical_path.ts";
import { compileKey } from "../../../src/policies/cache/key_reader.ts";
import { makeExchange } from "../../support/exchange.ts";
import { planOf } from "./key_plan.ts";

/** The exchange that an engine makes of a request for this URL. */
function exchangeFor(url: string) {
  const [, scheme, authority, rawPath, query = ""] = /^(https?):\/\/([^/]*)([^?]*)(\?.*)?$/.exec(url)!;
  const path = canonicalPath(rawPath, { encodedSlash: "keep", mergeSlashes: false }) as string;
  return makeExchange({
    scheme: scheme as "http" | "https",
    authority,
    host: parseAuthority(authority)!.host,
    path,
    query,
  });
}

const keys = (options: object = {}) => compileKey(planOf(options), silentLog, false);

const KEYS: readonly (readonly [what: string, options: object, url: string, key: string])[] = [
  ["the URL as it is", {}, "https://example.com/a?b=1", "https://example.com/a?b=1"],
  ["a host in capitals", {}, "http://EXAMPLE.com/A", "http://example.com/A"],
  ["a host with a final dot", {}, "http://example.com./", "http://example.com/"],
  ["the port of the scheme", {}, "https://example.com:443/a", "https://example.com/a"],
  ["the other scheme's port", {}, "http://example.com:443/a", "http://example.com:443/a"],
  ["a port with zeros in front", {}, "http://example.com:0080/a", "http://example.com/a"],
  ["an empty port", {}, "http://example.com:/a", "http://example.com/a"],
  ["an IPv6 address", {}, "http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"],
  ["an IPv6 address with a port", {}, "http://[::1]:8080/a", "http://[::1]:8080/a"],
  ["an empty query", {}, "http://example.com/a?", "http://example.com/a?"],
  ["escapes of plain letters", {}, "http://example.com/%61", "http://example.com/a"],
  ["no host", { key: { host: false } }, "http://example.com:81/a?b", "http:///a?b"],
  ["no path", { key: { path: false } }, "http://example.com/a?b", "http://example.com/?b"],
  ["no query", { key: { query: false } }, "http://example.com/a?b", "http://example.com/a"],
  ["no query and no path", { key: { query: false, path: false } }, "http://example.com/a?b", "http://example.com/"],
  ["a part of the query", { key: { query: { deny: ["c"] } } }, "http://example.com/a?c=1&b", "http://example.com/a?b"],
];
for (const [what, options, url, key] of KEYS) {
  Deno.test(`a cache's key: ${what}`, () => {
    const { keyOf, keyOfUrl } = keys(options);
    assert.equal(keyOf(exchangeFor(url)), key);
    assert.equal(keyOfUrl(url), key);
    assert.equal(keyOfUrl(key), key);
  });
}

Deno.test("a cache's key follows from one request to the next, with host, port and scheme", () => {
  const { keyOf } = keys();
  for (const url of ["http://a.test/", "https://a.test/", "http://a.test:81/", "http://b.test/", "http://a.test/"]) {
    assert.equal(keyOf(exchangeFor(url)), url);
  }
});

const hosts = fc.constantFrom("a.test", "A.test", "a.test:80", "a.test:443", "a.test:8080", "[::1]", "[0:0::1]:80");
const paths = fc.array(fc.constantFrom("/", "a", "b", ".", "..", "%61", "%2f", "%7E", "~", ";", "@", ":")).map((
  parts,
) => `/${parts.join("")}`);
const queries = fc.array(fc.constantFrom("?", "&", "=", "a", "b", "c", ";", "%61", "+", "/", "[", "]")).map((parts) =>
  parts.length === 0 ? "" : `?${parts.join("")}`
);

Deno.test("a cache's key is the same for a URL and for a request for it", () => {
  const all = [{}, { key: { host: false } }, { key: { path: false } }, {
    key: { query: { allow: ["a", "b*"], deny: ["bc"], sort: true } },
  }].map(keys);
  fc.assert(fc.property(fc.constantFrom("http", "https"), hosts, paths, queries, (scheme, host, path, query) => {
    const url = `${scheme}://${host}${path}${query}`;
    for (const { keyOf, keyOfUrl } of all) {
      if (typeof canonicalPath(path, { encodedSlash: "keep", mergeSlashes: false }) !== "string") {
        assert.equal(keyOfUrl(url), null);
        continue;
      }
      const key = keyOf(exchangeFor(url));
      assert.equal(keyOfUrl(url), key);
      assert.equal(keyOfUrl(key), key);
    }
  }));
});

const URLS: readonly (readonly [url: string, key: string | null])[] = [
  ["https://example.com", "https://example.com/"],
  ["HTTPS://example.com/a#b", "https://example.com/a"],
  ["https://example.com?a=1", "https://example.com/?a=1"],
  ["/a?b=1", "/a?b=1"],
  ["/a/../b#c", "/b"],
  ["https://example.com/größe", "https://example.com/gr%C3%B6%C3%9Fe"],
  ["https://example.com/\ud800", null],
  ["https://user@example.com/", null],
  ["https:///a", null],
  ["ftp://example.com/", null],
  ["example.com/a", null],
  ["https://exa mple.com/", null],
  ["https://example.com/a b", null],
  ["", null],
];
for (const [url, key] of URLS) {
  Deno.test(`the key of the URL ${JSON.stringify(url)}`, () => assert.equal(keys().keyOfUrl(url), key));
}

const ORDERS: readonly (readonly [options: object, target: PurgeTarget, meant: PurgeTarget | null])[] = [
  [{}, { url: "https://EXAMPLE.com:443/a" }, { url: "https://example.com/a" }],
  [{}, { url: "nothing" }, null],
  [{ key: { query: { sort: true } } }, { url: "/a?c&b" }, { url: "/a?b&c" }],
  [{}, { prefix: "https://EXAMPLE.com:443/a/" }, { prefix: "https://example.com/a/" }],
  [{}, { prefix: "https://exam" }, { prefix: "https://exam" }],
  [{}, { prefix: "/a/" }, { prefix: "/a/" }],
  [{}, { prefix: "https://exam ple.com/a" }, null],
  [{ key: { host: false } }, { prefix: "https://example.com/a" }, { prefix: "https:///a" }],
  [{ key: { host: false } }, { url: "https://example.com/a" }, { url: "https:///a" }],
  [{}, { tag: "x" }, { tag: "x" }],
  [{}, { all: true }, { all: true }],
];
for (const [options, target, meant] of ORDERS) {
  Deno.test(`an order for ${JSON.stringify(target)}, as keys say it with ${JSON.stringify(options)}`, () => {
    const { orderOf } = keys(options), order = orderOf({ target, soft: true });
    assert.deepEqual(order, meant === null ? null : { target: meant, soft: true });
    if (order !== null) assert.deepEqual(orderOf(order), order);
  });
}
