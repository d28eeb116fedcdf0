import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { TestGateway, type TestListener } from "../../support/test_gateway.ts";
import { get, post } from "./setup.ts";

function start(redirect: TestListener["redirect"]): TestGateway {
  return TestGateway.start(
    defineGateway({ routes: [{ path: "/*", handler: () => assert.fail("no request reaches a route") }] }),
    { clock: new FakeClock() },
    { engine: "h1", redirect },
  );
}

const CASES: readonly [title: string, request: string, port: number, location: string][] = [
  ["the host, without its own port", get("/"), 443, "https://a.example/"],
  ["another port", get("/"), 8443, "https://a.example:8443/"],
  ["path and query as they came", get("/a%2Fb/c?d=e%20&f"), 443, "https://a.example/a%2Fb/c?d=e%20&f"],
  ["an empty query", get("/?"), 443, "https://a.example/?"],
  [
    "the port of the cleartext listener not",
    "GET / HTTP/1.1\r\nhost: A.Example:8080\r\n\r\n",
    443,
    "https://a.example/",
  ],
  ["an absolute target", "GET http://b.example/x HTTP/1.1\r\nhost: a.example\r\n\r\n", 443, "https://b.example/x"],
];

for (const [title, request, port, location] of CASES) {
  Deno.test(`a redirecting listener keeps ${title}`, async () => {
    await using gateway = start({ port });
    await using client = await gateway.connect();
    const response = await client.exchange(request);
    assert.deepEqual([response.status, response.header("location"), response.body.length], [308, location, 0]);
    assert.equal((await gateway.event()).status, 308);
  });
}

Deno.test("a redirecting listener redirects a POST, reads past its body, and takes the next request", async () => {
  await using gateway = start({ port: 443 });
  await using client = await gateway.connect();
  for (let i = 0; i < 2; i++) {
    await client.send(post(["content-length: 5"], "hello", "/form"));
    const response = await client.response("POST");
    assert.deepEqual([response.status, response.header("location")], [308, "https://a.example/form"]);
  }
  await client.send(post(["content-length: 5", "expect: 100-continue"]));
  assert.deepEqual((await client.response("POST")).interim, [], "no body is asked for");
});

Deno.test("a redirecting listener sends nobody to a host that is none", async () => {
  await using gateway = start({ port: 443 });
  for (
    const request of ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nhost: a b\r\n\r\n", get("//evil.example/%0d%0ax: y")]
  ) {
    await using client = await gateway.connect();
    const response = await client.exchange(request);
    assert.deepEqual([response.status, response.header("location")], [400, null]);
  }
});
