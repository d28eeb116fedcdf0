import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { parseAuthority } from "../../src/http/authority.ts";

const VALID: readonly (readonly [string, string, number | null])[] = [
  ["example.com", "example.com", null],
  ["EXAMPLE.com:8080", "example.com", 8080],
  ["example.com.", "example.com", null],
  ["example.com.:80", "example.com", 80],
  ["example.com:", "example.com", null],
  ["localhost:0", "localhost", 0],
  ["h:65535", "h", 65535],
  ["h:00080", "h", 80],
  ["my_service-1.local~", "my_service-1.local~", null],
  ["127.0.0.1:9000", "127.0.0.1", 9000],
  ["1a.2b", "1a.2b", null],
  ["3com", "3com", null],
  ["[::1]", "[::1]", null],
  ["[2001:DB8:0::A]:443", "[2001:db8::a]", 443],
  ["[::ffff:1.2.3.4]", "[::ffff:102:304]", null],
];

Deno.test("parseAuthority() reads host and port", () => {
  for (const [text, host, port] of VALID) assert.deepEqual(parseAuthority(text), { host, port }, text);
});

const INVALID = [
  ...["", ":80", ".", "..", ".com", "a..b", "a.com..", "a b", " a", "a ", "a\t", "a\0", "a\r\n", "a\n"],
  ...[
    "a/b",
    "a/../c@d",
    "evil.com/x?",
    "a?b",
    "a#b",
    "u@h",
    "u:p@h",
    "@h",
    "a%41",
    "a%2F",
    "a,b",
    "a;b",
    "a!b",
    "a'b",
    'a"b',
  ],
  ...[
    "a\\b",
    "é.com",
    "a\u212a",
    "a:b",
    "a:80a",
    "a:-1",
    "a:+1",
    "a:65536",
    "a:99999",
    "a:123456",
    "a:000080",
    "a:80:80",
  ],
  ...[
    "127.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "1.2.3.256",
    "1.2.3.4.5",
    "foo.123",
    "foo.0x",
    "a.09",
  ],
  ...[
    "[",
    "[]",
    "[::1",
    "::1",
    "[::1]x",
    "[::1]:x",
    "[1.2.3.4]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[v1.a]",
    "[:::]",
  ],
  ...["[1:2:3:4:5:6:7:8:9]", "[::g]", "x[::1]", "[[::1]]", "a".repeat(256), `${"a.".repeat(127)}aa`],
];

Deno.test("parseAuthority() refuses what is no plain host and port", () => {
  for (const text of INVALID) assert.equal(parseAuthority(text), null, JSON.stringify(text));
});

Deno.test("parseAuthority() finds the same host and port as the URL standard", () => {
  const label = fc.constantFrom("a", "B9", "x-y", "1", "255", "0x1", "_s", "xyz");
  const host = fc.oneof(fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join(".")), fc.ipV4());
  const port = fc.oneof(fc.constant(""), fc.integer({ min: 1, max: 70000 }).map((number) => ":" + number));
  fc.assert(
    fc.property(fc.oneof(host, fc.ipV6().map((ip) => `[${ip}]`)), port, (name, suffix) => {
      const authority = parseAuthority(name + suffix);
      if (authority === null) return;
      const url = new URL(`http://${name}${suffix}/p`);
      assert.equal(url.hostname, authority.host);
      assert.equal(url.port, authority.port === null || authority.port === 80 ? "" : String(authority.port));
      assert.equal(url.pathname, "/p");
    }),
    { numRuns: 1000 },
  );
});
