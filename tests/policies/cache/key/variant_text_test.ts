import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Identity } from "../../../../src/core/identity.ts";
import { silentLog } from "../../../../src/core/log.ts";
import { variantText } from "../../../../src/policies/cache/key/variant_text.ts";
import { type ExchangeOptions, makeExchange } from "../../../support/exchange.ts";
import { planOf } from "../key_plan.ts";

interface Asking extends ExchangeOptions {
  readonly identity?: Identity;
  readonly credentialed?: boolean;
}

function asking({ identity, credentialed = identity !== undefined, ...rest }: Asking) {
  const exchange = makeExchange(rest);
  exchange.identity = identity;
  exchange.credentialed = credentialed;
  return exchange;
}

/** A request that a trusted proxy has sent. */
const told = (...headers: readonly (readonly [string, string])[]): Asking => ({
  headers,
  client: { ip: "192.0.2.7", peer: "10.0.0.1", trusted: true },
});

const reader = (options: object, byRoute = false) => variantText(planOf(options), silentLog, byRoute);
const user = (name: string): Asking => ({ identity: { method: "jwt", subject: name, claims: { sub: name } } });
const authorization: Asking = { headers: [["authorization", "Basic eA=="]] };

const userOfApp: Asking = { identity: { method: "apiKey", consumer: "app" }, ...authorization };

const PAIRS: readonly (readonly [what: string, options: object, a: Asking, b: Asking, same: boolean])[] = [
  ["nothing tells apart", {}, user("a"), user("b"), true],
  ["GET and HEAD", { key: { methods: ["PROPFIND"] } }, {}, { method: "HEAD" }, true],
  ["GET and another method", { key: { methods: ["PROPFIND"] } }, {}, { method: "PROPFIND" }, false],
  ["a header", { key: { headers: ["X-A"] } }, { headers: [["x-a", "1"]] }, { headers: [["x-a", "2"]] }, false],
  ["a header, be it empty", { key: { headers: ["x-a"] } }, { headers: [["x-a", ""]] }, {}, false],
  ["another header", { key: { headers: ["x-a"] } }, { headers: [["x-b", "1"]] }, {}, true],
  ["a cookie", { key: { cookies: ["c"] } }, { headers: [["cookie", "c=1"]] }, { headers: [["cookie", "c=2"]] }, false],
  ["another cookie", { key: { cookies: ["c"] } }, { headers: [["cookie", "d=1; c=1"]] }, {
    headers: [["cookie", "c=1; d=2; dc=3"]],
  }, true],
  ["a second cookie of the name", { key: { cookies: ["c"] } }, { headers: [["cookie", "c=1; c=2"]] }, {
    headers: [["cookie", "c=1"]],
  }, false],
  ["a second cookie of the name, as one of vary", { vary: "cookie:c" }, { headers: [["cookie", "c=1; c=2"]] }, {
    headers: [["cookie", "c=1"]],
  }, false],
  [
    "a cookie as servers read it that part them by commas",
    { key: { cookies: ["c"] } },
    {
      headers: [["cookie", "d=1, c=2; c=1"]],
    },
    { headers: [["cookie", "c=1"]] },
    false,
  ],
  ["a cookie in other letters", { vary: "cookie:c" }, { headers: [["cookie", "C=2; c=1"]] }, {
    headers: [["cookie", "c=1"]],
  }, false],
  [
    "a cookie without a value",
    { vary: "cookie:c" },
    { headers: [["cookie", "d; c"]] },
    { headers: [["cookie", "d"]] },
    false,
  ],
  [
    "a cookie whose name has more to it",
    { vary: "cookie:c" },
    { headers: [["cookie", "c-d=1; dc=2; c.d=3"]] },
    {},
    true,
  ],
  [
    "a cookie with a name that patterns read otherwise",
    { vary: "cookie:c.*" },
    { headers: [["cookie", "cd=1"]] },
    {},
    true,
  ],
  ["a parameter", { key: { query: false }, vary: "query:q" }, { query: "?q=1" }, { query: "?q=2" }, false],
  ["another parameter", { key: { query: false }, vary: "query:q" }, { query: "?q=1&r=2" }, { query: "?r=3&q=1" }, true],
  ["a second parameter of the name", { key: { query: false }, vary: "query:q" }, { query: "?q=1&q=2" }, {
    query: "?q=1",
  }, false],
  ["a parameter with escapes in its name", { key: { query: false }, vary: "query:q" }, { query: "?q=1&%71=2" }, {
    query: "?q=1",
  }, false],
  [
    "a host with a final dot",
    {},
    { authority: "a.test", host: "a.test" },
    { authority: "a.test.", host: "a.test" },
    false,
  ],
  ["a host in capitals", {}, { authority: "a.test", host: "a.test" }, { authority: "A.test", host: "a.test" }, false],
  ["a port that goes without saying", {}, { authority: "a.test", host: "a.test" }, {
    authority: "a.test:80",
    host: "a.test",
  }, false],
  ["a port with zeros in front", {}, { authority: "a.test:81", host: "a.test" }, {
    authority: "a.test:081",
    host: "a.test",
  }, false],
  ["how a host is spelt, where hosts do not count", { key: { host: false } }, { authority: "a.test", host: "a.test" }, {
    authority: "A.test.",
    host: "a.test",
  }, true],
  [
    "the scheme that a proxy tells",
    {},
    told(["x-forwarded-proto", "https"]),
    told(["x-forwarded-proto", "http"]),
    false,
  ],
  ["the host that a proxy tells", {}, told(["x-forwarded-host", "a"]), told(["x-forwarded-host", "b"]), false],
  ["the host that a proxy tells, where hosts do not count", { key: { host: false } }, told(["x-forwarded-host", "a"]), {
    ...told(["x-forwarded-host", "b"], ["forwarded", "host=c"]),
    ...told(["x-forwarded-port", "81"]),
  }, true],
  ["the path that a proxy tells", {}, told(["x-original-url", "/a"]), told(["x-original-url", "/b"]), false],
  ["the path in another field", {}, told(["x-original-uri", "/a"]), told(["x-original-uri", "/b"]), false],
  ["the scheme in another field", {}, told(["x-scheme", "http"]), told(["x-scheme", "https"]), false],
  ["the host in another field", {}, told(["x-original-host", "a"]), told(["x-original-host", "b"]), false],
  [
    "the host in Forwarded",
    {},
    told(["forwarded", "for=192.0.2.1;host=a"]),
    told(["forwarded", "for=192.0.2.1;host=b"]),
    false,
  ],
  [
    "the scheme in Forwarded, of another hop",
    {},
    told(["forwarded", "proto=https, for=a"]),
    told([
      "forwarded",
      "for=a, proto=https",
    ]),
    false,
  ],
  [
    "the client in Forwarded",
    {},
    told(["forwarded", "for=192.0.2.1;proto=https"]),
    told([
      "forwarded",
      "for=192.0.2.2;proto=https",
    ]),
    true,
  ],
  [
    "the client that a proxy tells",
    {},
    told(["x-forwarded-for", "192.0.2.1"]),
    told(["x-forwarded-for", "192.0.2.2"]),
    true,
  ],
  ["who asks", { vary: "identity" }, user("a"), user("b"), false],
  ["the same who asks", { vary: "identity" }, user("a"), user("a"), true],
  ["a subject of another issuer", { vary: "jwt:sub" }, { identity: { claims: { iss: "x", sub: "a" } } }, {
    identity: { claims: { iss: "y", sub: "a" } },
  }, false],
  ["a user whom another policy knows", { vary: "basic:user" }, { identity: { method: "basic", user: "a" } }, {
    identity: { method: "forward", user: "a" },
  }, false],
  ["the second of two keys", { vary: ["ip", "header:x-a"] }, { headers: [["x-a", "1"]] }, {
    headers: [["x-a", "2"]],
  }, false],
  ["nobody and nobody", { vary: "identity" }, {}, {}, true],
  ["a function", { vary: (ctx: { path: string }) => ctx.path.slice(0, 2) }, { path: "/ax" }, { path: "/ay" }, true],
  ["a function, otherwise", { vary: (ctx: { path: string }) => ctx.path }, { path: "/ax" }, { path: "/ay" }, false],
];
for (const [what, options, a, b, same] of PAIRS) {
  Deno.test(`a cache ${same ? "does not tell apart" : "tells apart"}: ${what}`, () => {
    const variantOf = reader(options), texts = [a, b].map((one) => variantOf(asking(one)));
    assert.ok(texts.every((text) => text !== null));
    assert.equal(texts[0] === texts[1], same);
  });
}

const ASKED: readonly (readonly [what: string, options: object, request: Asking, asked: boolean])[] = [
  ["a request with content", {}, { body: new Uint8Array(1) }, false],
  ["a request with content and keys", { vary: "ip" }, { body: new Uint8Array(1) }, false],
  ["a credential, where nothing says whose answers are kept", {}, user("a"), true],
  ["a credential of nobody in particular", { vary: "identity" }, { credentialed: true }, false],
  ["a credential of no consumer", { vary: "consumer" }, user("a"), false],
  ["a credential of a consumer", { vary: "consumer" }, { identity: { consumer: "a" } }, true],
  ["one of two keys", { vary: ["consumer", "identity"] }, user("a"), true],
  ["a subject without a name", { vary: "jwt:sub" }, { identity: { claims: { sub: "" } } }, false],
  ["a credential that nobody here has checked", { vary: "identity" }, authorization, false],
  ["a credential that counts as it is", { vary: "header:Authorization" }, authorization, true],
  [
    "a credential that counts as it is, as a part of the key",
    { key: { headers: ["authorization"] } },
    authorization,
    true,
  ],
  ["a credential elsewhere", { vary: "header:authorization" }, { credentialed: true }, false],
  ["a user beside the app whose key it is, by the app", { vary: "consumer" }, userOfApp, false],
  ["a user beside the app whose key it is, by the user", { vary: "header:authorization" }, userOfApp, false],
  ["a user beside the app whose key it is, by both", { vary: ["consumer", "header:authorization"] }, userOfApp, true],
  [
    "a user beside the app whose key it is, where answers are shared",
    { vary: "consumer", shared: true },
    userOfApp,
    true,
  ],
  ["an app and a user's token, by the user", { vary: ["consumer", "jwt:sub"] }, {
    ...userOfApp,
    identity: { ...userOfApp.identity, claims: { sub: "u" } },
  }, true],
  ["a token that goes on", { vary: "identity" }, { ...user("a"), ...authorization }, true],
  ["a token that goes on, by itself", { vary: "header:authorization" }, { ...user("a"), ...authorization }, true],
  ["no credential", { vary: "identity" }, {}, true],
  ["a credential of nobody in particular, where answers are shared", { vary: "identity", shared: true }, {
    credentialed: true,
  }, true],
  ["a credential, with a key that tells nobody apart", { vary: "jwt:tier" }, { credentialed: true }, true],
];
for (const [what, options, request, asked] of ASKED) {
  Deno.test(`the cache is ${asked ? "" : "not "}asked: ${what}`, () => {
    assert.equal(reader(options)(asking(request)) !== null, asked);
  });
}

Deno.test("a variant is nothing where nothing varies, and the route's where there are several", () => {
  assert.equal(reader({})(makeExchange({ route: "a" })), "");
  const variantOf = reader({}, true), texts = ["", "a", "b", "a"].map((route) => variantOf(makeExchange({ route })));
  assert.equal(new Set(texts).size, 3);
  assert.equal(texts[1], texts[3]);
});

Deno.test("a variant can be read as if for another method", () => {
  const variantOf = reader({ key: { methods: ["POST"] } }),
    post = makeExchange({ method: "POST", body: new Uint8Array(1) });
  assert.equal(variantOf(post), null);
  assert.equal(variantOf(post, "GET"), variantOf(makeExchange()));
  assert.notEqual(variantOf(post, "POST"), variantOf(makeExchange()));
});

Deno.test("variants are the same only if all their values are", () => {
  const value = fc.option(fc.stringMatching(/^(?:[-=0-9:;, ab]{0,4}[-ab0-9:])?$/), { nil: undefined });
  const variantOf = reader({ key: { headers: ["a", "b"], cookies: ["c"] }, vary: ["query:q"] }, true);
  const request = fc.record({ a: value, b: value, q: value, route: fc.constantFrom("", "1", "1:-", "-") });
  fc.assert(
    fc.property(request, request, (one, two) => {
      const texts = [one, two].map(({ a, b, q, route }) =>
        variantOf(makeExchange({
          route,
          query: q === undefined ? "" : `?q=${encodeURIComponent(q)}`,
          headers: [...a === undefined ? [] : [["a", a] as const], ...b === undefined ? [] : [["b", b] as const]],
        }))
      );
      assert.equal(texts[0] === texts[1], JSON.stringify(one) === JSON.stringify(two));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a function of vary must return a text", () => {
  assert.throws(() => reader({ vary: () => 5 })(makeExchange()), /the function of a key returned a number/);
  assert.equal(reader({ vary: () => null })(makeExchange()), reader({ vary: () => "" })(makeExchange()));
});
