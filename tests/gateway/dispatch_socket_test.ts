import { strict as assert } from "node:assert";
import { defineGateway, type Policy } from "gatewright";
import { z } from "zod";
import { Exchange } from "../../src/core/exchange.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { recordPolicy } from "../../src/core/policy.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";

/** A policy that asks a service before it lets a request pass, as forward auth will. */
const asks = (service: string): Policy<"asks", never, never> =>
  recordPolicy({
    kind: "asks",
    schema: z.string(),
    build(_options, env) {
      const call = env.dispatch(service);
      return (next) => async (exchange) => {
        const question = new Exchange({
          ...exchange,
          method: "GET",
          path: "/may",
          query: "",
          headers: HeaderList.of("x-for", exchange.path),
          body: null,
        });
        const reply = await call(question);
        return reply.status === 200 ? next(exchange) : reply;
      };
    },
  }, service);

for (const by of ["name", "URL"] as const) {
  Deno.test(`a policy calls a service by ${by}, and its answer decides`, async () => {
    await using service = await ScriptedOrigin.start([answer(200), answer(403, "no")]);
    await using origin = await ScriptedOrigin.start([answer(200, "yes")]);
    await using gateway = TestGateway.start(defineGateway({
      upstreams: { service: service.url, origin: origin.url },
      routes: [{ path: "/*", upstream: "origin", policies: [asks(by === "name" ? "service" : service.url)] }],
    }));
    await using client = await gateway.connect();
    const first = await client.exchange("GET /x HTTP/1.1\r\nhost: a\r\n\r\n");
    const second = await client.exchange("GET /y HTTP/1.1\r\nhost: a\r\n\r\n");
    assert.deepEqual([first.text, second.status], ["yes", 403]);
    assert.deepEqual(service.requests.map((request) => [request.target, request.header("x-for")]), [["/may", "/x"], [
      "/may",
      "/y",
    ]]);
    assert.equal(origin.requests.length, 1);
    assert.equal(service.connections.length, 1, "calls share the pool");
  });
}

Deno.test("a service that is neither an upstream nor a URL stops the start", () => {
  const config = defineGateway({ routes: [{ path: "/*", respond: {}, policies: [asks("servcie")] }] });
  assert.throws(
    () => TestGateway.start(config),
    /"servcie" is neither an upstream of this config nor an http or https URL/,
  );
});
