import { strict as assert } from "node:assert";
import { serviceAddress, upstreamFacts, urlAddress } from "../../../src/policies/service/service_address.ts";

Deno.test("serviceAddress takes a URL apart, and a path of an upstream", () => {
  assert.deepEqual(serviceAddress.parse("https://Id.example:8443/a/b?c=1"), {
    to: "https://id.example:8443",
    upstream: null,
    scheme: "https",
    authority: "id.example:8443",
    path: "/a/b",
    query: "?c=1",
  });
  assert.deepEqual(serviceAddress.parse("http://id.example"), {
    to: "http://id.example",
    upstream: null,
    scheme: "http",
    authority: "id.example",
    path: "/",
    query: "",
  });
  const named = serviceAddress.parse({ upstream: "id", path: "/keys?x=1" });
  assert.deepEqual([named.to, named.upstream, named.path, named.query], ["id", "id", "/keys", "?x=1"]);
  assert.deepEqual(upstreamFacts(named), ["upstream:id"]);
  assert.deepEqual(upstreamFacts(serviceAddress.parse("http://id.example")), []);
});

Deno.test("serviceAddress refuses what is no address, and says what to write", () => {
  const cases: [unknown, RegExp][] = [
    [undefined, /a URL such as/],
    ["id.example", /is no http or https URL without a user/],
    ["ftp://id.example", /is no http or https URL without a user/],
    ["", /this is empty/],
    [{ upstream: "id" }, /path/],
    [{ upstream: "id", path: "keys" }, /a path starts with \//],
    [{ upstream: "", path: "/" }, /this is empty/],
    [{ upstream: "id", path: "/", method: "GET" }, /method/],
    [7, /a URL such as/],
  ];
  for (const [value, message] of cases) {
    const { error } = serviceAddress.safeParse(value);
    assert.ok(error, JSON.stringify(value));
    assert.match(JSON.stringify(error.issues), message);
  }
});

Deno.test("a service's URL has no user and password in it, and they are not shown", () => {
  assert.equal(urlAddress("https://user:password@id.example/"), undefined);
  assert.equal(urlAddress("https://user@id.example/"), undefined);
  const { error } = serviceAddress.safeParse("https://user:password@id.example/");
  assert.ok(error);
  assert.ok(!JSON.stringify(error.issues).includes("password"));
});

Deno.test("a service's path is the upstream's own, whatever stands before it", () => {
  // Two slashes would begin another host.
  const { to, path } = serviceAddress.parse({ upstream: "id", path: "//evil.example/keys" });
  assert.deepEqual([to, path], ["id", "//evil.example/keys"]);
});
