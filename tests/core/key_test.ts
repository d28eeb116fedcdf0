import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Exchange } from "../../src/core/exchange.ts";
import { cookieValue, FORM_FIELDS, isFact, parseKey, queryValue } from "../../src/core/key.ts";
import { makeExchange } from "../support/exchange.ts";

for (
  const text of [
    "",
    "IP",
    "header",
    "header:",
    "header:a b",
    "jwt",
    "jwt:",
    "param:",
    "param:1a",
    "param:a-b",
    "heder:x",
    "toString",
    "cookie:",
    "constructor:x",
    "form:",
    "ip/24",
    "ip/33/64",
    "ip/32/129",
    "ip/a/b",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is no key`, () => assert.equal(parseKey(text), undefined));
}

for (
  const text of [
    "ip",
    "global",
    "route",
    "consumer",
    "basic:user",
    "request:id",
    "header:X-A",
    "query:a b",
    "cookie:sid",
    "jwt:https://x/y",
    "param:id",
    "param:*",
    "form:user",
    "ip/24/64",
    "ip/0/0",
  ]
) {
  Deno.test(`${JSON.stringify(text)} is a key`, () => assert.equal(typeof parseKey(text), "function"));
}

Deno.test("facts are the keys that something earlier must provide", () => {
  const facts = ["consumer", "basic:user", "jwt:sub", "param:id", "ip", "header:x", "request:id"].filter(isFact);
  assert.deepEqual(facts, ["consumer", "basic:user", "jwt:sub", "param:id"]);
});

Deno.test("queryValue() takes the first and decodes it", () => {
  assert.equal(queryValue("?a=1&a=2", "a"), "1");
  assert.equal(queryValue("?a=x%20y+z", "a"), "x y z");
  assert.equal(queryValue("?a", "a"), "");
  assert.equal(queryValue("?ab=1", "a"), undefined);
  assert.equal(queryValue("", "a"), undefined);
});

Deno.test("cookieValue() finds the first of the name and unquotes it", () => {
  assert.equal(cookieValue("a=1; b=2; a=3", "a"), "1");
  assert.equal(cookieValue('a="q"', "a"), "q");
  assert.equal(cookieValue('a="', "a"), '"');
  assert.equal(cookieValue("xa=1", "a"), undefined);
  assert.equal(cookieValue("a", "a"), undefined);
  assert.equal(cookieValue("a=b=c", "a"), "b=c");
  assert.equal(cookieValue(null, "a"), undefined);
});

Deno.test("ip with prefixes keeps so many bits of an address, in its one spelling", () => {
  const cases: [key: string, ip: string, kept: string][] = [
    ["ip/32/128", "192.0.2.77", "192.0.2.77"],
    ["ip/32/128", "2001:db8::1:2", "2001:db8::1:2"],
    ["ip/24/64", "192.0.2.77", "192.0.2.0"],
    ["ip/24/64", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"],
    ["ip/9/20", "10.255.1.1", "10.128.0.0"],
    ["ip/9/24", "2001:dbf:ffff::1", "2001:d00::"],
    ["ip/0/0", "255.255.255.255", "0.0.0.0"],
    ["ip/0/0", "ffff::1", "::"],
    ["ip/1/1", "255.255.255.255", "128.0.0.0"],
    ["ip/31/127", "255.255.255.255", "255.255.255.254"],
    ["ip/31/127", "::ffff", "::fffe"],
    ["ip/24/64", "unix", "unix"],
  ];
  for (const [key, ip, kept] of cases) {
    const exchange = makeExchange({ client: { ip, peer: ip, trusted: false } });
    assert.equal(parseKey(key)!(exchange), kept, `${key} of ${ip}`);
  }
});

Deno.test("queryValue() reads a query as URLSearchParams does", () => {
  const part = fc.stringMatching(/^[ab%+=ü\u{1f600}2B6]{0,6}$/u);
  const query = fc.array(fc.tuple(part, part, fc.constantFrom("", "=", "==")), { maxLength: 6 })
    .map((pairs) => "?" + pairs.map(([name, value, sign]) => name + sign + value).join("&"));
  fc.assert(fc.property(query, part.filter((name) => name !== ""), (query, name) => {
    assert.equal(queryValue(query, name), new URLSearchParams(query).get(name) ?? undefined);
  }));
  assert.equal(queryValue("?%61=1", "a"), "1");
  assert.equal(queryValue("?a+b=c+d%2B", "a b"), "c d+");
  assert.equal(queryValue("", "a"), undefined);
});

Deno.test("form: is a field of the form once somebody has read it", () => {
  const exchange = makeExchange(), read = parseKey("form:user")!;
  assert.equal(read(exchange), undefined);
  exchange.set(FORM_FIELDS, new Map([["user", "ann"]]));
  assert.equal(read(exchange), "ann");
});

Deno.test("the key identity is the consumer, else the subject with what vouches for it", () => {
  const read = parseKey("identity")!, exchange = makeExchange();
  const cases: readonly (readonly [identity: Exchange["identity"], text: string | undefined])[] = [
    [undefined, undefined],
    [{ method: "apiKey" }, undefined],
    [{ method: "apiKey", consumer: "acme", subject: "key-1" }, "consumer=acme"],
    [{ method: "basicAuth", subject: "alice" }, "basicAuth=alice"],
    [{ method: "jwt", subject: "alice", claims: { iss: "https://a.example" } }, "jwt=https://a.example alice"],
    [{ method: "jwt", subject: "alice", claims: { iss: "https://b.example" } }, "jwt=https://b.example alice"],
  ];
  for (const [identity, text] of cases) {
    exchange.identity = identity;
    assert.equal(read(exchange), text);
  }
});

Deno.test("a claim is a claim of the token's own, not what all objects have", () => {
  const exchange = makeExchange();
  exchange.identity = { claims: { sub: "alice" } };
  assert.deepEqual([parseKey("jwt:sub")!(exchange), parseKey("jwt:constructor")!(exchange)], ["alice", undefined]);
});
