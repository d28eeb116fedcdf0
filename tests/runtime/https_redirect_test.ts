import { strict as assert } from "node:assert";
import type { Exchange } from "../../src/core/exchange.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { Reply } from "../../src/core/reply.ts";
import type { EngineHost } from "../../src/runtime/engine.ts";
import { redirectingHost } from "../../src/runtime/https_redirect.ts";
import { makeExchange } from "../support/exchange.ts";

/** A host of which every call is recorded. */
function recorded() {
  const calls: unknown[] = [];
  const host: EngineHost & { draining: boolean } = {
    handle: () => assert.fail("no request is handled"),
    overloaded: (exchange) => {
      calls.push(["overloaded", exchange]);
      return new Reply(503, HeaderList.of(), null);
    },
    local(exchange, answer) {
      calls.push(["local", exchange]);
      return answer(exchange);
    },
    crashed(exchange, cause) {
      calls.push(["crashed", exchange, cause]);
      return new Reply(500, HeaderList.of(), null);
    },
    completed: (...what) => void calls.push(["completed", ...what]),
    draining: false,
    requestIdField: "x-trace",
  };
  return { host, calls };
}

/** What a redirecting host answers. */
function answer(exchange: Exchange, port = 443): Reply {
  const reply = redirectingHost(recorded().host, () => port).handle(exchange);
  assert.ok(reply instanceof Reply);
  return reply;
}

const CASES: readonly [host: string, authority: string, port: number, location: string][] = [
  ["a.example", "a.example", 443, "https://a.example/x/y?z=1"],
  ["a.example", "A.Example:8080", 443, "https://a.example/x/y?z=1"],
  ["a.example", "a.example:8080", 8443, "https://a.example:8443/x/y?z=1"],
  ["[::1]", "[::1]:8080", 8443, "https://[::1]:8443/x/y?z=1"],
];

for (const [host, authority, port, location] of CASES) {
  Deno.test(`redirectingHost() sends ${authority} on port ${port} to ${location}`, () => {
    const reply = answer(makeExchange({ host, authority, path: "/x/y", query: "?z=1", method: "POST" }), port);
    assert.deepEqual([reply.status, reply.header("location"), reply.body], [308, location, null]);
  });
}

Deno.test("redirectingHost() keeps an empty query and what is encoded", () => {
  const reply = answer(makeExchange({ host: "a", path: "/%2F%20", query: "?" }));
  assert.equal(reply.header("location"), "https://a/%2F%20?");
});

Deno.test("redirectingHost() refuses whoever names no host", () => {
  assert.equal(answer(makeExchange({ host: "", authority: "" })).status, 400);
});

Deno.test("redirectingHost() asks for the port each time", () => {
  let port = 1;
  const host = redirectingHost(recorded().host, () => port++), exchange = makeExchange({ host: "a" });
  const locations = [host.handle(exchange), host.handle(exchange)].map((reply) =>
    reply instanceof Reply ? reply.header("location") : null
  );
  assert.deepEqual(locations, ["https://a:1/", "https://a:2/"]);
});

Deno.test("redirectingHost() leaves everything else to the host, its draining as it is at the time", () => {
  const { host, calls } = recorded(), redirecting = redirectingHost(host, () => 443), exchange = makeExchange();
  assert.equal(redirecting.requestIdField, "x-trace");
  assert.equal(redirecting.draining, false);
  host.draining = true;
  assert.equal(redirecting.draining, true);
  redirecting.completed(exchange, 308, 1, 2);
  assert.equal(redirecting.crashed(exchange, "why").status, 500);
  assert.equal((redirecting.overloaded(exchange) as Reply).status, 503);
  assert.equal(redirecting.local(exchange, () => new Reply(400, HeaderList.of(), null)).status, 400);
  assert.deepEqual(calls, [
    ["completed", exchange, 308, 1, 2],
    ["crashed", exchange, "why"],
    ["overloaded", exchange],
    ["local", exchange],
  ]);
});
