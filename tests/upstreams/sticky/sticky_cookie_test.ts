import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { secret } from "../../../src/core/secret.ts";
import { cookieValues } from "../../../src/upstreams/sticky/cookie_values.ts";
import { StickyCookie } from "../../../src/upstreams/sticky/sticky_cookie.ts";
import { makeExchange } from "../../support/exchange.ts";

const SECRET = "sixteen characters or more";
const IDS = ["api/http://10.0.0.1:80", "api/http://10.0.0.2:80"];

function makeSticky(
  more: { upstream?: string; key?: string; ttl?: number | null; cookie?: string; ids?: string[] } = {},
) {
  const { upstream = "api", key = SECRET, ttl = null, cookie = "route", ids = IDS } = more;
  const sticky = new StickyCookie(upstream, { cookie, ttl, secret: secret.env("STICKY") }, key);
  sticky.setEndpoints(ids);
  return sticky;
}

/** The value that a client would send back. */
function tokenOf(sticky: StickyCookie, id: string): string {
  return sticky.setCookie(id, false).split(";")[0].split("=")[1];
}

function request(...cookies: string[]) {
  return makeExchange({ headers: cookies.map((cookie) => ["cookie", cookie] as const) });
}

Deno.test("a cookie leads back to its endpoint", () => {
  const sticky = makeSticky();
  for (const id of IDS) assert.equal(sticky.endpointOf(request(`a=b; route=${tokenOf(sticky, id)}; c=d`)), id);
});

Deno.test("the value is HMAC-SHA-256 of upstream, NUL, id", () => {
  const expected = createHmac("sha256", SECRET).update(`api\0${IDS[0]}`).digest("base64url");
  assert.equal(tokenOf(makeSticky(), IDS[0]), expected);
});

for (
  const [ttl, secure, attributes] of [
    [null, false, "; Path=/; HttpOnly; SameSite=Lax"],
    [null, true, "; Path=/; HttpOnly; SameSite=Lax; Secure"],
    [3_600_000, true, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600; Secure"],
    [1, false, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=1"],
  ] as const
) {
  Deno.test(`Set-Cookie with ttl ${ttl}, ${secure ? "https" : "http"}, has ${attributes}`, () => {
    const sticky = makeSticky({ ttl }), value = sticky.setCookie(IDS[0], secure);
    assert.equal(value, `route=${tokenOf(sticky, IDS[0])}${attributes}`);
  });
}

for (
  const [what, cookies] of [
    ["no cookie", []],
    ["another cookie", [`other=${tokenOf(makeSticky(), IDS[0])}`]],
    ["a name that ends alike", [`xroute=${tokenOf(makeSticky(), IDS[0])}`]],
    ["a name in another case", [`Route=${tokenOf(makeSticky(), IDS[0])}`]],
    ["an id in clear", [`route=${IDS[0]}`]],
    ["an empty value", ["route="]],
    ["a signature cut short", [`route=${tokenOf(makeSticky(), IDS[0]).slice(0, -1)}`]],
    ["a signature with another secret", [`route=${tokenOf(makeSticky({ key: "another secret, also long" }), IDS[0])}`]],
    ["a signature of another upstream", [`route=${tokenOf(makeSticky({ upstream: "web" }), IDS[0])}`]],
    ["a signature of an endpoint that is not there", [`route=${tokenOf(makeSticky(), "api/http://10.0.0.9:80")}`]],
  ] as const
) {
  Deno.test(`${what} leads nowhere`, () => assert.equal(makeSticky().endpointOf(request(...cookies)), null));
}

Deno.test("of several cookies of the name, the first genuine one counts", () => {
  const sticky = makeSticky(), [one, two] = IDS.map((id) => tokenOf(sticky, id));
  assert.equal(sticky.endpointOf(request(`route=forged; route=${two}; route=${one}`)), IDS[1]);
  assert.equal(sticky.endpointOf(request("route=forged", `route="${one}"`)), IDS[0]);
});

Deno.test("cookies hold over changes of everything but secret, upstream and endpoint", () => {
  const id = IDS[1], token = tokenOf(makeSticky(), id);
  const changed = makeSticky({ ttl: 5000, ids: ["api/http://10.0.0.7:80", id] });
  assert.equal(changed.endpointOf(request(`route=${token}`)), id);
});

Deno.test("endpoints may come and go", () => {
  const sticky = makeSticky(), late = "api/http://10.0.0.3:80", gone = tokenOf(sticky, IDS[0]);
  sticky.setEndpoints([IDS[1], late]);
  assert.equal(sticky.endpointOf(request(`route=${tokenOf(sticky, late)}`)), late);
  assert.equal(sticky.endpointOf(request(`route=${tokenOf(sticky, IDS[1])}`)), IDS[1]);
  assert.equal(sticky.endpointOf(request(`route=${gone}`)), null);
  sticky.setEndpoints(IDS);
  assert.equal(sticky.endpointOf(request(`route=${gone}`)), IDS[0]);
});

Deno.test("the secret is not to be read in a cookie", () => {
  assert.ok(!makeSticky().setCookie(IDS[0], true).includes(SECRET));
});

for (
  const [header, values] of [
    ["a=1", ["1"]],
    ["b=2; a=1", ["1"]],
    ["a=1; a=2;a=3", ["1", "2", "3"]],
    [" a = 1 ;b=2", ["1"]],
    ['a="1"; a="', ["1", '"']],
    ["a; a=1", ["1"]],
    ["a=1=2", ["1=2"]],
    ["b=a=1", []],
    ["aa=1; A=2; =3; ", []],
    ["a=", [""]],
    [";;a=1;;", ["1"]],
    ["", []],
  ] as const
) {
  Deno.test(`cookieValues() of ${JSON.stringify(header)} are ${JSON.stringify(values)}`, () => {
    assert.deepEqual(cookieValues(header, "a"), values);
  });
}

Deno.test("property: cookieValues() is what splitting says", () => {
  const part = fc.string({ unit: fc.constantFrom("a", "b", "=", ";", " ", '"'), maxLength: 12 });
  fc.assert(fc.property(fc.array(part), (parts) => {
    const header = parts.join(";");
    const expected = header.split(";").filter((pair) => pair.includes("=") && pair.split("=")[0].trim() === "a")
      .map((pair) => pair.slice(pair.indexOf("=") + 1).trim())
      .map((value) => /^".*"$/.test(value) && value.length > 1 ? value.slice(1, -1) : value);
    assert.deepEqual(cookieValues(header, "a"), expected);
  }));
});
