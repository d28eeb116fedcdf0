import { strict as assert } from "node:assert";
import { cors, type CorsOptions } from "../../../src/policies/guard/cors.ts";
import { said } from "./guard_bed.ts";

const APP = "https://app.example.com";

const WRONG: readonly (readonly [options: unknown, said: RegExp])[] = [
  [{}, /^error origins: this is missing: expected an origin such as/],
  [{ origins: [] }, /^error origins: at least one origin is needed$/],
  [{ origins: 7 }, /^error origins: expected an origin such as/],
  [{ origins: "" }, /^error origins: this is empty/],
  [{ origins: [APP, ""] }, /^error origins\[1\]: this is empty/],
  [{ origins: APP, orgins: 1 }, /orgins/],
  [{ origins: "app.example.com" }, /begins with a scheme → "https:\/\/app\.example\.com"$/],
  [{ origins: "localhost:3000" }, /begins with a scheme → "https:\/\/localhost:3000"$/],
  [{ origins: `${APP}/` }, /has no path → "https:\/\/app\.example\.com"$/],
  [{ origins: `${APP}/a?b` }, /has no path → "https:\/\/app\.example\.com"$/],
  [{ origins: "https://App.Example.com" }, /in lower case → "https:\/\/app\.example\.com"$/],
  [{ origins: "https://a.example:443" }, /own port out → "https:\/\/a\.example"$/],
  [{ origins: "http://a.example:80" }, /own port out → "http:\/\/a\.example"$/],
  [{ origins: "https://u:p@a.example" }, /no user name → "https:\/\/a\.example"$/],
  [{ origins: "https://bücher.example" }, /Punycode → "https:\/\/xn--bcher-kva\.example"$/],
  [{ origins: "https://[::0:1]" }, /in another way → "https:\/\/\[::1\]"$/],
  [{ origins: "https://127.1" }, /in another way → "https:\/\/127\.0\.0\.1"$/],
  [{ origins: "https://a.example:99999" }, /"a\.example:99999" is no host/],
  [{ origins: "https://" }, /"" is no host/],
  [{ origins: "https://*" }, /every origin of the scheme/],
  [{ origins: "https://app-*.example.com" }, /whole labels.* → { regex: "https:\/\/app-\[a-z0-9-\]\+\\\\\.example/],
  [{ origins: "https://*.*.example.com" }, /whole labels/],
  [{ origins: "https://a.*.com" }, /whole labels/],
  [{ origins: "https://*.10.0.0.1" }, /no sub-domains/],
  [{ origins: "https://*.Example.com" }, /in lower case/],
  [{ origins: { regex: "(" } }, /^error origins\.regex: "\(" is no regular expression/],
  [{ origins: { regex: "a)|(b" } }, /is no regular expression/],
  [{ origins: [{ regex: "" }] }, /^error origins\[0\]\.regex: this is empty/],
  [{ origins: ["*", APP] }, /^error origins\[0\]: "\*" is every origin.* → "\*" alone$/],
  [{ origins: "*", credentials: true }, /^error credentials: credentials are never for origins "\*"/],
  [{ origins: ["*"], credentials: true }, /^error credentials: credentials are never for origins "\*"/],
  [{ origins: /.*/, credentials: true }, /^error origins: this expression is true of every origin/],
  [{ origins: [APP, { regex: "https?://.+" }], credentials: true }, /^error origins: this expression is true/],
  [{ origins: APP, credentials: true, expose: "*" }, /^error expose: with credentials, browsers take "\*"/],
  [{ origins: APP, credentials: "yes" }, /^error credentials: expected true or false → true$/],
  [{ origins: APP, expose: "x-a" }, /^error expose: expected "\*", or a list of names → \["x-a"\]$/],
  [{ origins: APP, expose: ["*", "x-a"] }, /^error expose: "\*" is every header/],
  [{ origins: APP, expose: ["x a"] }, /^error expose\[0\]: "x a" is no name of a header/],
  [{ origins: APP, methods: [] }, /^error methods: at least one method is needed/],
  [{ origins: APP, methods: ["*"] }, /^error methods\[0\]: every method is allowed.* → nothing: leave it out$/],
  [{ origins: APP, methods: ["put"] }, /^error methods\[0\]: methods are written in upper case → "PUT"$/],
  [{ origins: APP, methods: ["P UT"] }, /^error methods\[0\]: "P UT" is no method/],
  [{ origins: APP, headers: ["*"] }, /^error headers\[0\]: every header is allowed/],
  [{ origins: APP, headers: ["x:a"] }, /^error headers\[0\]: "x:a" is no name of a header/],
  [{ origins: APP, maxAge: 600 }, /^error maxAge: expected a duration.* → "600ms" or "600s"$/],
  [{ origins: APP, maxAge: "2d" }, /^error maxAge: .*at most 1d/],
  [{ origins: APP, webSockets: "off" }, /^error webSockets: expected "check" or "pass"/],
  [{ origins: APP, privateNetwork: 1 }, /^error privateNetwork: expected true or false/],
];

Deno.test("cors() options: what check refuses, where, and what to write instead", () => {
  for (const [options, message] of WRONG) {
    const found = said(cors(options as CorsOptions));
    assert.equal(found.length, 1, `${JSON.stringify(options)}: ${found.join("; ")}`);
    assert.match(found[0], message);
  }
});

Deno.test("cors() options: what check lets through without a word", () => {
  const right: CorsOptions[] = [
    { origins: "*", expose: "*" },
    { origins: ["*"] },
    { origins: [APP, "http://localhost:3000", "http://127.0.0.1:8080", "https://[2001:db8::1]:8443", "null"] },
    { origins: ["https://*.example.com", "https://*.example.com:8443", "http://*.localhost"], credentials: true },
    { origins: "chrome-extension://abcdefghijklmnop", credentials: true },
    { origins: ["capacitor://localhost", "https://xn--bcher-kva.example"] },
    { origins: [{ regex: "https://pr-\\d+\\.example\\.com" }, /https:\/\/[a-z]+\.example\.com/i], credentials: true },
    { origins: () => true, credentials: true, expose: ["X-A"] },
    { origins: APP, methods: ["PUT"], headers: ["x-a"], maxAge: "0s", privateNetwork: true, webSockets: "pass" },
  ];
  for (const options of right) assert.deepEqual(said(cors(options)), [], JSON.stringify(options));
});

Deno.test("cors() options: what lets in more than it seems to is a warning", () => {
  const cases: [CorsOptions, RegExp][] = [
    [{ origins: [APP, "null"], credentials: true }, /^warning origins\[1\]: any page can have the origin null/],
    [{ origins: "https://*.com" }, /^warning origins: anybody can have a name under \.com/],
    [
      { origins: /https:\/\/app.example\.com/ },
      /^warning origins: a dot that is not escaped.* → \/https:\\\/\\\/app\\.example/,
    ],
    [{ origins: [APP, { regex: "https://.*example\\.com" }] }, /^warning origins\[1\]: \.\* is any text/],
  ];
  for (const [options, message] of cases) {
    const found = said(cors(options));
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0], message);
  }
});
