import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { type Client, Exchange } from "../../src/core/exchange.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { CidrSet, isCidrError } from "../../src/http/cidr.ts";
import { ClientAddresses } from "../../src/http/client_address.ts";
import { forwardedText, isProxyOnly, REQUEST_DROP, viaValue } from "../../src/http/forwarded.ts";
import { elementsFromRight } from "../../src/http/forwarded_field.ts";
import { REQUEST_HOP } from "../../src/http/hop_by_hop.ts";

interface Sent {
  readonly peer?: string;
  readonly authority?: string;
  readonly scheme?: "http" | "https";
  readonly fields?: readonly string[];
}

const trustedProxies = CidrSet.parse(["10.0.0.0/8", "fd00::/8"]);
assert.ok(!isCidrError(trustedProxies));
const addresses = new ClientAddresses(trustedProxies);

function exchangeOf({ peer = "1.1.1.1", authority = "a.example", scheme = "http", fields = [] }: Sent): Exchange {
  const headers = HeaderList.of(...fields);
  const client: Client = addresses.ofRequest(addresses.ofPeer(peer), headers);
  const request = { method: "GET", path: "/", query: "", authority, host: "a.example", scheme, client, headers };
  return new Exchange({ ...request, body: null, requestId: "r", startedAt: 0 });
}

function linesOf(sent: Sent): Record<string, string> {
  const text = forwardedText(exchangeOf(sent));
  assert.ok(text.endsWith("\r\n"));
  const lines = text.slice(0, -2).split("\r\n").map((line) => line.split(/: (.*)/s, 2));
  assert.equal(new Set(lines.map(([name]) => name)).size, lines.length);
  return Object.fromEntries(lines);
}

Deno.test("forwardedText() writes what this hop saw of an untrusted peer", () => {
  assert.deepEqual(linesOf({}), {
    "x-forwarded-for": "1.1.1.1",
    "x-forwarded-proto": "http",
    "x-forwarded-host": "a.example",
    forwarded: "for=1.1.1.1;host=a.example;proto=http",
    via: "1.1 gatewright",
  });
});

Deno.test("forwardedText() replaces all that an untrusted peer says, but continues Via", () => {
  const fields = ["x-forwarded-for", "10.0.0.1", "forwarded", "for=10.0.0.1;proto=https", "x-forwarded-proto", "https"];
  const sent = { fields: [...fields, "x-forwarded-host", "evil.example", "via", "1.0 fred", "via", "1.1 p.example"] };
  assert.deepEqual(linesOf(sent), { ...linesOf({}), via: "1.0 fred, 1.1 p.example, 1.1 gatewright" });
});

Deno.test("forwardedText() quotes IPv6 and ports in Forwarded only (RFC 7239 §4, §6)", () => {
  assert.deepEqual(linesOf({ peer: "2001:DB8::1", authority: "[::1]:8080", scheme: "https" }), {
    "x-forwarded-for": "2001:db8::1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "[::1]:8080",
    forwarded: 'for="[2001:db8::1]";host="[::1]:8080";proto=https',
    via: "1.1 gatewright",
  });
});

Deno.test("forwardedText() does without a host (HTTP/1.0) and without an address (Unix socket)", () => {
  for (const peer of ["", "/run/a:b.sock", "unix", "unix:a"]) {
    assert.deepEqual(linesOf({ peer, authority: "" }), {
      "x-forwarded-for": "unknown",
      "x-forwarded-proto": "http",
      forwarded: "for=unknown;proto=http",
      via: "1.1 gatewright",
    });
  }
});

const OWN = "for=10.0.0.1;host=a.example;proto=http";

/** Fields from a trusted peer → `x-forwarded-for`, `x-forwarded-proto`, `x-forwarded-host`, `forwarded`. */
const CONTINUED: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["nothing", [], ["10.0.0.1", "http", "a.example", OWN]],
  [
    "both lists",
    ["x-forwarded-for", "1.1.1.1", "forwarded", "for=1.1.1.1;proto=https"],
    ["1.1.1.1, 10.0.0.1", "http", "a.example", `for=1.1.1.1;proto=https, ${OWN}`],
  ],
  [
    "X-Forwarded-For alone is translated, IPv6 quoted and ports left out",
    ["x-forwarded-for", "2001:db8::1, 1.1.1.1:99", "x-forwarded-proto", "https", "x-forwarded-host", "w.example:444"],
    [
      "2001:db8::1, 1.1.1.1:99, 10.0.0.1",
      "https",
      "w.example:444",
      `for="[2001:db8::1]", for=1.1.1.1;host="w.example:444";proto=https, ${OWN}`,
    ],
  ],
  [
    "scheme and host belong to the client's element, not to those that it invented",
    ["x-forwarded-for", "6.6.6.6, 1.1.1.1, 10.0.0.2", "x-forwarded-proto", "https,http"],
    [
      "6.6.6.6, 1.1.1.1, 10.0.0.2, 10.0.0.1",
      "https,http",
      "a.example",
      `for=6.6.6.6, for=1.1.1.1;proto=https, for=10.0.0.2, ${OWN}`,
    ],
  ],
  [
    "garbage in X-Forwarded-For stays there and is unknown in Forwarded",
    ["x-forwarded-for", '"<x>;for=9.9.9.9, 1.1.1.1'],
    ['"<x>;for=9.9.9.9, 1.1.1.1, 10.0.0.1', "http", "a.example", `for=unknown, for=1.1.1.1, ${OWN}`],
  ],
  [
    "a scheme without a list belongs to an unknown client",
    ["x-forwarded-proto", "https"],
    ["10.0.0.1", "https", "a.example", `for=unknown;proto=https, ${OWN}`],
  ],
  [
    "what cannot stand in Forwarded is left out of it",
    ["x-forwarded-for", "1.1.1.1", "x-forwarded-proto", 'ht"tp', "x-forwarded-host", 'a";for=9.9.9.9'],
    ["1.1.1.1, 10.0.0.1", 'ht"tp', 'a";for=9.9.9.9', `for=1.1.1.1, ${OWN}`],
  ],
  [
    "Forwarded alone is translated, with the scheme and host that it gives for the client",
    ["forwarded", 'for="6.6.6.6:1";host=evil.example, for="1.1.1.1:99";proto=https;host="w.example:444", for=10.0.0.2'],
    [
      "6.6.6.6, 1.1.1.1, 10.0.0.2, 10.0.0.1",
      "https",
      "w.example:444",
      `for="6.6.6.6:1";host=evil.example, for="1.1.1.1:99";proto=https;host="w.example:444", for=10.0.0.2, ${OWN}`,
    ],
  ],
  [
    "X-Forwarded-Proto and -Host win over Forwarded",
    [
      "forwarded",
      "for=1.1.1.1;proto=https;host=b.example",
      "x-forwarded-proto",
      "http",
      "x-forwarded-host",
      "c.example",
    ],
    ["1.1.1.1, 10.0.0.1", "http", "c.example", `for=1.1.1.1;proto=https;host=b.example, ${OWN}`],
  ],
  [
    "hidden nodes are unknown in X-Forwarded-For, and end the search for the client",
    ["forwarded", "for=10.0.0.1;host=evil.example, for=_secret;proto=https"],
    [
      "10.0.0.1, unknown, 10.0.0.1",
      "http",
      "a.example",
      `for=10.0.0.1;host=evil.example, for=_secret;proto=https, ${OWN}`,
    ],
  ],
  [
    "what breaks the grammar of Forwarded is cut off with all before it",
    ["forwarded", 'for=6.6.6.6, for="1.2.3.4, for=1.1.1.1'],
    ["1.1.1.1, 10.0.0.1", "http", "a.example", `for=1.1.1.1, ${OWN}`],
  ],
  [
    "a Forwarded that a client smuggled past a proxy which writes X-Forwarded-For names no host",
    ["x-forwarded-for", "1.1.1.1", "forwarded", "for=1.1.1.1;host=evil.example;proto=ftp"],
    ["1.1.1.1, 10.0.0.1", "http", "a.example", `for=1.1.1.1;host=evil.example;proto=ftp, ${OWN}`],
  ],
  [
    "empty fields count as absent",
    ["x-forwarded-for", "", "forwarded", "", "x-forwarded-proto", "", "x-forwarded-host", "", "via", ""],
    ["10.0.0.1", "http", "a.example", OWN],
  ],
];

for (const [name, fields, [chain, proto, host, forwarded]] of CONTINUED) {
  Deno.test(`forwardedText() continues a trusted peer: ${name}`, () => {
    assert.deepEqual(linesOf({ peer: "10.0.0.1", fields }), {
      "x-forwarded-for": chain,
      "x-forwarded-proto": proto,
      "x-forwarded-host": host,
      forwarded,
      via: "1.1 gatewright",
    });
  });
}

Deno.test("a second gateway that trusts the first finds the same client, by either list alone", () => {
  const entries = fc.array(fc.constantFrom("6.6.6.6", "10.0.0.7", "2001:db8::1", "junk", ""), { maxLength: 4 });
  fc.assert(fc.property(entries, fc.constantFrom("1.1.1.1", "10.0.0.1", "fd00::1"), (chain, peer) => {
    const first = exchangeOf({ peer, fields: ["x-forwarded-for", chain.join(", ")] });
    const lines = linesOf({ peer, fields: ["x-forwarded-for", chain.join(", ")] });
    for (const name of ["x-forwarded-for", "forwarded"]) {
      const second = exchangeOf({ peer: "10.0.0.99", fields: [name, lines[name]] });
      assert.equal(second.client.ip, first.client.ip, `${name}: ${lines[name]}`);
    }
    assert.equal(elementsFromRight(lines.forwarded).map((e) => e.text).reverse().join(", "), lines.forwarded);
  }));
});

Deno.test("REQUEST_DROP has every field that forwardedText() writes and every hop-by-hop field", () => {
  for (const name of Object.keys(linesOf({}))) assert.ok(REQUEST_DROP.has(name), name);
  for (const name of REQUEST_HOP) assert.ok(REQUEST_DROP.has(name), name);
  for (const name of ["host", "authorization", "x-real-ip", "x-request-id"]) assert.ok(!REQUEST_DROP.has(name), name);
  // A name without a number would have every line of every head looked at as text.
  assert.equal(REQUEST_DROP.others, null);
});

Deno.test("viaValue() appends this gateway (RFC 9110 §7.6.3)", () => {
  assert.equal(viaValue(null, "1.1"), "1.1 gatewright");
  assert.equal(viaValue("", "1.1"), "1.1 gatewright");
  assert.equal(viaValue("1.0 fred, HTTP/2 x", "1.1"), "1.0 fred, HTTP/2 x, 1.1 gatewright");
});

Deno.test("isProxyOnly() knows what only a proxy may say of where a request came from and of the URL that it was for", () => {
  const names = [
    ...["forwarded", "x-forwarded-for", "x-forwarded-user", "x-real-ip", "true-client-ip", "cf-connecting-ip"],
    ...["x-original-url", "x-original-uri", "x-original-host", "x-rewrite-url", "x-host", "x-http-host-override"],
    ...["x-scheme", "x-url-scheme", "front-end-https", "x_forwarded_for", "any_name"],
  ];
  assert.deepEqual(names.filter((name) => !isProxyOnly(name)), []);
  assert.deepEqual(["host", "x-request-id", "x-hostname", "x-schema", "via"].filter(isProxyOnly), []);
});
