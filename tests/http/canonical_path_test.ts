import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { canonicalPath, isPathError, type PathOptions } from "../../src/http/canonical_path.ts";

const KEEP: PathOptions = { encodedSlash: "keep", mergeSlashes: false };
const MERGE: PathOptions = { encodedSlash: "keep", mergeSlashes: true };
const REJECT: PathOptions = { encodedSlash: "reject", mergeSlashes: false };

const UNCHANGED = [
  "/",
  "/a",
  "/a/",
  "/a/b.c/d..e/f.",
  "//",
  "/a//b",
  "/.well-known/acme",
  "/...",
  "/..a/.b",
  "/a;v=1/b",
  "/a/;/b",
  "/:x/@y/!$&'()*+,=~_-",
  '/"<>^`{|}[]',
  "/a%20b",
  "/a%2Fb",
  "/a%5Cb",
  "/%23%3F%25",
  "/%252e%252e%252fetc",
  // Not UTF-8 (an overlong "..", Latin-1): nobody should decode it, and this gateway does not.
  "/%C0%AE%C0%AE/%C0%AFetc",
  "/caf%E9",
  "/a/%2F/b",
];

Deno.test("canonicalPath() returns a canonical path as it is", () => {
  for (const path of UNCHANGED) assert.equal(canonicalPath(path, KEEP), path);
});

const REWRITTEN: readonly (readonly [string, string])[] = [
  ["/%61%62%7E%2D%5F%2e", "/ab~-_."],
  ["/%7e", "/~"],
  ["/a%2fb%3a%c3%a9", "/a%2Fb%3A%C3%A9"],
  ["/a/./b", "/a/b"],
  ["/a/../b", "/b"],
  ["/a/..", "/"],
  ["/a/b/..", "/a/"],
  ["/a/b/.", "/a/b/"],
  ["/a/b/../", "/a/"],
  ["/.", "/"],
  ["/..", "/"],
  ["/../../../etc/passwd", "/etc/passwd"],
  ["/a/%2e%2e/b", "/b"],
  ["/a/.%2E/b", "/b"],
  ["/a/%2e./b", "/b"],
  ["/public/%2E%2e/admin", "/admin"],
  ["/a/%2e/b", "/a/b"],
  ["/a//../b", "/a/b"],
  ["/a/..//b", "//b"],
  ["/a%2F/../b", "/b"],
  ["/mapping_1/../mapping_2", "/mapping_2"],
  ["/a/...%2e/b", "/a/..../b"],
];

Deno.test("canonicalPath() decodes unreserved escapes and resolves dot segments (RFC 3986 §5.2.4, §6.2.2)", () => {
  for (const [raw, path] of REWRITTEN) assert.equal(canonicalPath(raw, KEEP), path, raw);
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["", /start with/],
  ["a", /start with/],
  ["*", /start with/],
  ["http://x/", /start with/],
  ["/%", /two hex/],
  ["/%2", /two hex/],
  ["/%zz", /two hex/],
  ["/%2g", /two hex/],
  ["/%%32e%%32e", /two hex/],
  ["/%u002e", /two hex/],
  ["/%-1", /two hex/],
  ["/% 1", /two hex/],
  ["/a%00b", /control/],
  ["/a%0d%0aset-cookie:x", /control/],
  ["/%1f", /control/],
  ["/%7F", /control/],
  ["/a\0", /control/],
  ["/a\tb", /control/],
  ["/a\r\n", /control/],
  ["/a\x7f", /control/],
  ["/a b", /percent-encoded/],
  ["/a#b", /percent-encoded/],
  ["/a?b", /percent-encoded/],
  ["/a\\b", /percent-encoded/],
  ["/..\\..\\windows", /percent-encoded/],
  ["/\\../admin", /percent-encoded/],
  ["/é", /percent-encoded/],
  ["/\u{ff0e}\u{ff0e}/", /percent-encoded/],
  ["/..%2Fadmin", /beside/],
  ["/..%2fadmin", /beside/],
  ["/%2e%2e%2fadmin", /beside/],
  ["/%2e%2e%5cadmin", /beside/],
  ["/a/.%2F./b", /beside/],
  ["/.%2F", /beside/],
  ["/a%2F..", /beside/],
  ["/a%2F../b", /beside/],
  ["/a%2F%2E%2e%2Fb", /beside/],
  ["/a%5C.%5Cb", /beside/],
  ["/a%2F.", /beside/],
  ["/x/..;/admin", /beside/],
  ["/x/..;a=b/admin", /beside/],
  ["/x/.;/admin", /beside/],
  ["/x/%2e%2e;/admin", /beside/],
  ["/x/..%3B/admin", /beside/],
  ["/x%2F..;/admin", /beside/],
  ["/x/..;", /beside/],
];

Deno.test("canonicalPath() refuses what could be read in two ways", () => {
  for (const [raw, message] of REFUSED) {
    const result = canonicalPath(raw, KEEP);
    assert.ok(isPathError(result), `${JSON.stringify(raw)} passed as ${JSON.stringify(result)}`);
    assert.match(result.error, message, JSON.stringify(raw));
  }
});

Deno.test("canonicalPath() refuses every control byte, raw and encoded", () => {
  for (let byte = 0; byte < 0x21; byte++) {
    const code = byte === 0x20 ? 0x7f : byte;
    assert.ok(isPathError(canonicalPath("/a" + String.fromCharCode(code), KEEP)));
    assert.ok(isPathError(canonicalPath("/a%" + code.toString(16).padStart(2, "0"), KEEP)));
  }
});

Deno.test("canonicalPath() refuses any encoded slash where the config says so", () => {
  assert.deepEqual(canonicalPath("/a%2Fb", REJECT), { error: "the path has an encoded slash" });
  assert.deepEqual(canonicalPath("/a%2fb", REJECT), { error: "the path has an encoded slash" });
  assert.equal(canonicalPath("/a%5Cb", REJECT), "/a%5Cb");
});

Deno.test("canonicalPath() folds runs of slashes only where the config says so, before it resolves dots", () => {
  const table = [["//", "/"], ["///a////b//", "/a/b/"], ["/a//../b", "/b"], ["/a//%2e%2e//b", "/b"], ["//a", "/a"]];
  for (const [raw, path] of table) assert.equal(canonicalPath(raw, MERGE), path, raw);
  assert.equal(canonicalPath("/a/b", MERGE), "/a/b");
});

const options = fc.record<PathOptions>({
  encodedSlash: fc.constantFrom("keep", "reject"),
  mergeSlashes: fc.boolean(),
});
const pieces = ["/", "/", ".", "..", "%2e", "%2E", "%2f", "%2F", "%5c", "a", "b", "~", "%41", "%7e", "%c3", ";", "%3b"];
const nasty = fc.array(fc.constantFrom(...pieces, "%25", "%20", "|", "\\", "%", "%0a", " ", "é"), { maxLength: 14 })
  .map((parts) => "/" + parts.join(""));
const anything = fc.oneof(nasty, fc.string().map((text) => "/" + text), fc.webPath().map((path) => "/" + path));

Deno.test("canonicalPath() is idempotent, never longer, without dot segments, and framing-safe", () => {
  fc.assert(
    fc.property(anything, options, (raw, paths) => {
      const path = canonicalPath(raw, paths);
      if (isPathError(path)) return;
      assert.equal(canonicalPath(path, paths), path);
      assert.ok(path.length <= raw.length);
      assert.match(path, /^\/(?:[!"$&-\[\]-~]|%[0-9A-F]{2})*$/);
      for (const segment of path.split(/\/|%2F|%5C/)) assert.doesNotMatch(segment, /^\.\.?(?:;|%3B|$)/);
      if (paths.mergeSlashes) assert.ok(!path.includes("//"));
      if (paths.encodedSlash === "reject") assert.ok(!path.includes("%2F"));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("canonicalPath() resolves dots as the URL standard does", () => {
  const dotted = fc.array(fc.constantFrom("/", "/", "a", "b%20", ".", "%2e", "%2E"), { maxLength: 12 })
    .map((parts) => "/a/" + parts.join(""));
  fc.assert(
    fc.property(dotted, (raw) => {
      const model = new URL("http://h" + raw).pathname.replaceAll(/%2e/gi, ".");
      assert.equal(canonicalPath(raw, KEEP), model);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("canonicalPath() keeps the meaning of a path: the decoded text is the same", () => {
  const plain = fc.array(fc.constantFrom("x", "/", "%41", "%7e", "%2D", "%3d", "=", "%C3%A9", "%25", "|"), {
    maxLength: 12,
  })
    .map((parts) => "/x" + parts.join(""));
  fc.assert(
    fc.property(plain, (raw) => {
      const path = canonicalPath(raw, KEEP);
      assert.ok(!isPathError(path));
      assert.equal(decodeURIComponent(path), decodeURIComponent(raw));
    }),
  );
});
