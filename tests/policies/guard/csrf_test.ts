import { strict as assert } from "node:assert";
import type { Client } from "../../../src/core/exchange.ts";
import { csrf, type CsrfOptions } from "../../../src/policies/guard/csrf.ts";
import { makeExchange, readText } from "../../support/exchange.ts";
import { described, guarding, handlerOf, said } from "./guard_bed.ts";

const APP = "https://app.example.com", PROXY: Client = { ip: "192.0.2.7", peer: "10.0.0.1", trusted: true };

/** What decides, and whether the request passes. */
interface Case {
  readonly method?: string;
  readonly site?: string;
  readonly origin?: string;
  readonly authority?: string;
  readonly scheme?: "http" | "https";
  readonly client?: Client;
  readonly fields?: readonly (readonly [string, string])[];
  readonly upgrade?: string;
  readonly options?: CsrfOptions;
  readonly passes: boolean;
}

const CASES: readonly Case[] = [
  // What browsers say of themselves.
  { site: "same-origin", passes: true },
  { site: "none", passes: true },
  { site: "same-site", passes: false },
  { site: "cross-site", passes: false },
  { site: "same-site", options: { sameSite: true }, passes: true },
  { site: "cross-site", options: { sameSite: true }, passes: false },
  { site: "", passes: false },
  { site: "Same-Origin", passes: false },
  { site: "same-origin, cross-site", passes: false },
  { site: "same-origin", origin: "https://evil.example", passes: true },
  { site: "cross-site", origin: "https://api.example.com", passes: false },
  // Methods.
  { method: "GET", site: "cross-site", passes: true },
  { method: "HEAD", site: "cross-site", origin: "https://evil.example", passes: true },
  { method: "OPTIONS", site: "cross-site", passes: true },
  { method: "PUT", site: "cross-site", passes: false },
  { method: "DELETE", site: "cross-site", passes: false },
  { method: "PROPFIND", site: "cross-site", passes: false },
  { method: "get", site: "cross-site", passes: false },
  // No browser, or one from before 2023.
  { passes: true },
  { origin: "https://api.example.com", passes: true },
  { origin: "http://api.example.com", passes: true },
  { origin: "http://api.example.com", scheme: "https", passes: false },
  { origin: "https://api.example.com", scheme: "https", passes: true },
  { origin: "https://evil.example", passes: false },
  { origin: "https://api.example.com.evil", passes: false },
  { origin: "https://evil-api.example.com", passes: false },
  { origin: "https://u@api.example.com", passes: false },
  { origin: "https://api.example.com/", passes: false },
  { origin: "null", passes: false },
  { origin: "", passes: false },
  { origin: "api.example.com", passes: false },
  { origin: "ftp://api.example.com", passes: false },
  { origin: "https://", authority: "", passes: false },
  // Ports.
  { origin: "https://api.example.com:8443", passes: false },
  { origin: "https://api.example.com:8443", authority: "api.example.com:8443", passes: true },
  { origin: "https://api.example.com", authority: "api.example.com:8443", passes: false },
  { origin: "https://api.example.com", authority: "API.example.com:443", passes: true },
  { origin: "http://api.example.com", authority: "api.example.com:80", passes: true },
  { origin: "http://api.example.com", authority: "api.example.com:443", passes: false },
  { origin: "http://[::1]:8080", authority: "[::1]:8080", passes: true },
  // Behind proxies.
  { origin: APP, fields: [["x-forwarded-host", "app.example.com"]], passes: false },
  { origin: APP, fields: [["x-forwarded-host", "app.example.com"]], client: PROXY, passes: true },
  { origin: APP, fields: [["x-forwarded-host", "app.example.com, inner"]], client: PROXY, passes: true },
  { origin: APP, fields: [["x-forwarded-host", "inner, app.example.com"]], client: PROXY, passes: false },
  { origin: "http://api.example.com", fields: [["x-forwarded-proto", "https"]], client: PROXY, passes: false },
  { origin: "http://api.example.com", fields: [["x-forwarded-proto", "https"]], passes: true },
  { origin: APP, fields: [["forwarded", "for=192.0.2.7;host=app.example.com"]], passes: false },
  { origin: APP, fields: [["forwarded", "for=192.0.2.7;host=app.example.com"]], client: PROXY, passes: true },
  { origin: APP, fields: [["forwarded", 'for=192.0.2.7;host="app.example.com:443"']], client: PROXY, passes: true },
  {
    origin: APP,
    fields: [["forwarded", "for=198.51.100.1;host=app.example.com, for=192.0.2.7;host=inner"]],
    client: PROXY,
    passes: false,
  },
  {
    origin: APP,
    fields: [["forwarded", "for=192.0.2.7;host=app.example.com"], ["x-forwarded-for", "192.0.2.7"]],
    client: PROXY,
    passes: false,
  },
  {
    origin: "http://api.example.com",
    fields: [["forwarded", "for=192.0.2.7;proto=https"]],
    client: PROXY,
    passes: false,
  },
  // Trusted ones.
  { site: "cross-site", origin: APP, options: { origins: APP }, passes: true },
  { origin: APP, options: { origins: ["https://a.example", APP] }, passes: true },
  { origin: "https://x.example.com", options: { origins: "https://*.example.com" }, passes: true },
  { site: "cross-site", origin: "https://evil.example", options: { origins: APP }, passes: false },
  { site: "cross-site", options: { origins: APP }, passes: false },
  { site: "cross-site", origin: "null", options: { origins: "null" }, passes: true },
  { site: "cross-site", origin: APP, options: { origins: (origin) => origin === APP }, passes: true },
  // WebSockets.
  { method: "GET", upgrade: "websocket", site: "cross-site", passes: false },
  { method: "GET", upgrade: "websocket", origin: "https://evil.example", passes: false },
  { method: "GET", upgrade: "websocket", origin: "https://api.example.com", passes: true },
  { method: "GET", upgrade: "websocket", passes: true },
];

Deno.test("csrf() lets pass what no page of another site has sent", async () => {
  for (const rule of CASES) {
    const { site, origin, fields = [], method = "POST", upgrade = "", options, passes } = rule;
    const exchange = makeExchange({
      method,
      authority: rule.authority ?? "api.example.com",
      scheme: rule.scheme ?? "http",
      ...(rule.client === undefined ? {} : { client: rule.client }),
      headers: [
        ...(site === undefined ? [] : [["sec-fetch-site", site] as const]),
        ...(origin === undefined ? [] : [["origin", origin] as const]),
        ...fields,
      ],
    });
    exchange.upgrade = upgrade;
    const reply = await handlerOf(csrf(options))(exchange);
    const expected = passes ? [200, ""] : [403, "cross_site_request"];
    assert.deepEqual([reply.status, exchange.error], expected, JSON.stringify(rule));
    assert.equal(exchange.reason === "", passes);
  }
});

Deno.test("csrf() refuses with a problem document", async () => {
  const ask = guarding(csrf(), () => assert.fail("it goes no further"));
  const { reply } = await ask({ method: "POST", headers: [["sec-fetch-site", "cross-site"]] });
  const { code, detail } = JSON.parse(await readText(reply.body));
  assert.deepEqual([code, detail], ["cross_site_request", "Pages of other sites may not send this request."]);
});

Deno.test("csrf() options: what check says, and the words of routes", () => {
  const wrong: [options: unknown, said: RegExp][] = [
    [{ origins: "*" }, /^error origins: with "\*" everybody would be let in/],
    [{ origins: ["app.example.com"] }, /^error origins\[0\]: an origin begins with a scheme/],
    [{ sameSite: "yes" }, /^error sameSite: expected true or false → true/],
    [{ origin: APP }, /origin/],
    [{ origins: "null" }, /^warning origins: any page can have the origin null/],
  ];
  for (const [options, message] of wrong) {
    const found = said(csrf(options as CsrfOptions));
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0], message);
  }
  for (const policy of [csrf(), csrf({ sameSite: true }), csrf({ origins: [APP] })]) assert.deepEqual(said(policy), []);
  assert.equal(described(csrf()), "csrf: own origin");
  assert.equal(described(csrf({ origins: APP, sameSite: true })), `csrf: own origin, same site, ${APP}`);
  assert.equal(described(csrf({ origins: () => true })), "csrf: own origin, those that a function knows");
});
