import { strict as assert } from "node:assert";
import type { Client } from "../../../src/core/exchange.ts";
import type { Reply } from "../../../src/core/reply.ts";
import {
  securityHeaders,
  securityHeadersDefinition,
  type SecurityHeadersOptions,
} from "../../../src/policies/guard/security_headers.ts";
import { answering, described, failingEnv, guarding, said } from "./guard_bed.ts";

const OFF: SecurityHeadersOptions = {
  hsts: false,
  contentTypeOptions: false,
  referrerPolicy: false,
  frameOptions: false,
  openerPolicy: false,
  resourcePolicy: false,
};

/** The fields as a record; one that stands twice has both values. */
function fieldsOf({ headers }: Reply): Record<string, string> {
  const flat = headers.flat(), fields: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) {
    fields[flat[i]] = flat[i] in fields ? `${fields[flat[i]]}; TWICE ${flat[i + 1]}` : flat[i + 1];
  }
  return fields;
}

const DEFAULTS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "SAMEORIGIN",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

Deno.test("securityHeaders() adds the defaults, and takes away what tells of the server", async () => {
  const upstream = answering(200, "server", "nginx/1.2", "x-powered-by", "PHP", "x-aspnet-version", "4", "etag", '"a"');
  const { reply } = await guarding(securityHeaders(), upstream)();
  assert.deepEqual(fieldsOf(reply), { etag: '"a"', ...DEFAULTS });
});

Deno.test("securityHeaders() sends HSTS over TLS only, also where a trusted proxy ends it", async () => {
  const proxy: Client = { ip: "192.0.2.7", peer: "10.0.0.1", trusted: true };
  const said: readonly [string, string][] = [["x-forwarded-proto", "https"]];
  const hsts = "max-age=31536000; includeSubDomains";
  const cases: [Parameters<ReturnType<typeof guarding>>[0], string | null][] = [
    [{ scheme: "http" }, null],
    [{ scheme: "https" }, hsts],
    [{ scheme: "http", headers: said }, null],
    [{ scheme: "http", headers: said, client: proxy }, hsts],
    [{ scheme: "http", headers: [["x-forwarded-proto", "HTTPS, http"]], client: proxy }, hsts],
    [{ scheme: "http", headers: [["x-forwarded-proto", "http"]], client: proxy }, null],
    [{ scheme: "http", client: proxy }, null],
    [{ scheme: "http", headers: [["forwarded", "for=192.0.2.7;proto=https"]] }, null],
    [{ scheme: "http", headers: [["forwarded", "for=192.0.2.7;proto=https, for=10.0.0.2"]], client: proxy }, hsts],
    [{ scheme: "http", headers: [["forwarded", "for=198.51.100.1;proto=https, for=192.0.2.7"]], client: proxy }, null],
    [{ scheme: "http", headers: [["forwarded", "proto=https"]], client: proxy }, null],
    [{ scheme: "http", headers: [["forwarded", 'for="']], client: proxy }, null],
  ];
  for (const [request, expected] of cases) {
    const { reply } = await guarding(securityHeaders())(request);
    assert.equal(reply.header("strict-transport-security"), expected, JSON.stringify(request));
  }
});

Deno.test("securityHeaders() writes each field as its option says", async () => {
  const cases: [SecurityHeadersOptions, Record<string, string>][] = [
    [{ ...OFF }, {}],
    [{ ...OFF, hsts: { maxAge: "1h", includeSubDomains: false } }, { "strict-transport-security": "max-age=3600" }],
    [{ ...OFF, hsts: { maxAge: "730d", preload: true } }, {
      "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
    }],
    [{ ...OFF, hsts: { maxAge: "0s", includeSubDomains: false } }, { "strict-transport-security": "max-age=0" }],
    [{ ...OFF, referrerPolicy: ["no-referrer", "strict-origin-when-cross-origin"] }, {
      "referrer-policy": "no-referrer, strict-origin-when-cross-origin",
    }],
    [{ ...OFF, frameOptions: "DENY" }, { "x-frame-options": "DENY" }],
    [{ ...OFF, openerPolicy: "same-origin-allow-popups" }, {
      "cross-origin-opener-policy": "same-origin-allow-popups",
    }],
    [{ ...OFF, resourcePolicy: "cross-origin" }, { "cross-origin-resource-policy": "cross-origin" }],
    [{ ...OFF, embedderPolicy: "require-corp" }, { "cross-origin-embedder-policy": "require-corp" }],
    [{ ...OFF, permissionsPolicy: "camera=()" }, { "permissions-policy": "camera=()" }],
    [{
      ...OFF,
      permissionsPolicy: {
        camera: [],
        "display-capture": "*",
        geolocation: ["self", "https://maps.example"],
        usb: "self",
      },
    }, {
      "permissions-policy": 'camera=(), display-capture=*, geolocation=(self "https://maps.example"), usb=(self)',
    }],
    [{ ...OFF, contentSecurityPolicy: "default-src 'self'; object-src 'none'" }, {
      "content-security-policy": "default-src 'self'; object-src 'none'",
    }],
    [{
      ...OFF,
      contentSecurityPolicy: {
        "img-src": ["'self'", "data:", "https://*.example.com"],
        "default-src": "'none'",
        "script-src": "'self' 'nonce-abc'",
        "upgrade-insecure-requests": true,
        sandbox: "allow-forms",
      },
      contentSecurityPolicyReportOnly: { "default-src": ["'self'"], "report-to": "csp" },
    }, {
      "content-security-policy": "default-src 'none'; script-src 'self' 'nonce-abc'; " +
        "img-src 'self' data: https://*.example.com; sandbox allow-forms; upgrade-insecure-requests",
      "content-security-policy-report-only": "default-src 'self'; report-to csp",
    }],
    [{ ...OFF, remove: ["X-Runtime"] }, { server: "a" }],
    [{ ...OFF, remove: false }, { server: "a", "x-runtime": "1" }],
  ];
  for (const [options, fields] of cases) {
    const upstream = options.remove === undefined ? answering() : answering(200, "server", "a", "x-runtime", "1");
    const { reply } = await guarding(securityHeaders(options), upstream)({ scheme: "https" });
    assert.deepEqual(fieldsOf(reply), fields, JSON.stringify(options));
  }
});

Deno.test("securityHeaders() leaves what the upstream has set, unless it is to override it", async () => {
  const set = ["x-frame-options", "DENY", "referrer-policy", "origin", "referrer-policy", "unsafe-url"];
  const kept = fieldsOf((await guarding(securityHeaders(), answering(200, ...set))()).reply);
  assert.deepEqual([kept["x-frame-options"], kept["referrer-policy"]], ["DENY", "origin; TWICE unsafe-url"]);
  const { reply } = await guarding(securityHeaders({ override: true }), answering(200, ...set))();
  assert.deepEqual(fieldsOf(reply), DEFAULTS);
});

Deno.test("securityHeaders() completes refusals and failures too, but no switch of protocols", async () => {
  const throwing = () => {
    throw new Error("broken");
  };
  for (const next of [throwing, () => Promise.reject(new Error("broken")), answering(429)]) {
    const { reply } = await guarding(securityHeaders(), next, failingEnv())();
    assert.equal(reply.header("x-content-type-options"), "nosniff");
    assert.ok(reply.status >= 400);
  }
  const { reply } = await guarding(securityHeaders(), answering(101, "server", "a"))({ scheme: "https" });
  assert.deepEqual(fieldsOf(reply), { server: "a" });
});

Deno.test("securityHeaders() options: what check refuses, where, and what to write instead", () => {
  const wrong: [options: unknown, said: RegExp][] = [
    [{ hsts: true }, /^error hsts: expected settings, or false/],
    [{ hsts: { maxAge: 1 } }, /^error hsts\.maxAge: expected a duration/],
    [{ hsts: { preload: true, maxAge: "30d" } }, /^error hsts\.maxAge: browsers build in only.* → "365d"$/],
    [{ hsts: { preload: true, includeSubDomains: false } }, /^error hsts\.includeSubDomains: browsers build in only/],
    [{ frameOptions: "deny" }, /^error frameOptions: expected "SAMEORIGIN" or "DENY" → "DENY"$/],
    [{ referrerPolicy: "no-referer" }, /^error referrerPolicy: .* → "no-referrer"$/],
    [{ referrerPolicy: ["no-referrer", "a"] }, /^error referrerPolicy\[1\]/],
    [
      { contentSecurityPolicy: "default-src 'self';\n img-src *" },
      /one line of plain text → "default-src 'self'; img-src \*"$/,
    ],
    [{ contentSecurityPolicy: {} }, /at least one directive is needed/],
    [{ contentSecurityPolicy: { "default-srcs": "'self'" } }, /no directive that is known here → "default-src"$/],
    [{ contentSecurityPolicy: { defaultSrc: "'self'" } }, /no directive that is known here → "default-src"$/],
    [{ contentSecurityPolicy: { "default-src": "self" } }, /self without its quotes is a host.* → "'self'"$/],
    [{ contentSecurityPolicy: { "script-src": ["'self'", "nonce-x"] } }, /nonce-x without its quotes/],
    [{ contentSecurityPolicy: { "script-src": "'self'; img-src *" } }, /without ; and ,/],
    [{ contentSecurityPolicy: { "script-src": ["'self' data:"] } }, /one word of plain text/],
    [{ contentSecurityPolicy: { "default-src": true } }, /default-src needs a value/],
    [{ contentSecurityPolicy: { "default-src": [] } }, /default-src needs a value/],
    [{ permissionsPolicy: { camera: ["https://a.example/"] } }, /has no path → "https:\/\/a\.example"$/],
    [{ permissionsPolicy: { camera: ["*"] } }, /"\*" is everybody, and stands alone/],
    [{ permissionsPolicy: { displayCapture: [] } }, /in lower case, with dashes → "display-capture"$/],
    [{ permissionsPolicy: {} }, /at least one feature is needed/],
    [{ remove: ["content-length"] }, /^error remove\[0\]: content-length cannot be removed/],
    [{ remove: ["a b"] }, /^error remove\[0\]: "a b" is no name of a header/],
    [{ xFrameOptions: "DENY" }, /xFrameOptions/],
  ];
  for (const [options, message] of wrong) {
    const found = said(securityHeaders(options as SecurityHeadersOptions));
    assert.equal(found.length, 1, `${JSON.stringify(options)}: ${found.join("; ")}`);
    assert.match(found[0], message);
  }
  assert.deepEqual(said(securityHeaders()), []);
  assert.deepEqual(said(securityHeaders(OFF)), []);
});

Deno.test("securityHeaders() says in words what it does, joins in preflights and guards nothing", () => {
  assert.equal(described(securityHeaders()), "securityHeaders: 6 set, 4 removed");
  assert.equal(described(securityHeaders({ ...OFF, frameOptions: "DENY", remove: false })), "securityHeaders: 1 set");
  const plan = securityHeadersDefinition.schema.parse({});
  assert.deepEqual(securityHeadersDefinition.traits!(plan), { guard: false, preflight: "joins" });
});
