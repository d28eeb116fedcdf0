import { strict as assert } from "node:assert";
import { defineGateway, headers } from "gatewright";
import { type Log, logTo } from "../../src/core/log.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { ask, request } from "../upstreams/traffic_bed.ts";

/** A log that puts the part and the message of each entry in a list. */
function partsTo(list: string[], part = ""): Log {
  const log = logTo((_level, message) => list.push(`${part}: ${message}`));
  return { ...log, in: (category) => partsTo(list, part === "" ? category : `${part}.${category}`) };
}

Deno.test("entries of the log tell which part of the gateway they are of", async () => {
  const entries: string[] = [];
  const config = defineGateway({
    upstreams: { away: { endpoints: ["http://127.0.0.1:1"] } },
    routes: [
      { path: "/away", upstream: "away" },
      {
        path: "/own",
        handler(ctx) {
          ctx.log.info("handled");
          return new Response();
        },
      },
      { path: "/broken", handler: () => Promise.reject(new Error("on purpose")) },
      { path: "/items", policies: [headers({ request: { set: { "x-id": "{query:q}" } } })], upstream: "away" },
    ],
  });
  await using gateway = TestGateway.start(config, { log: partsTo(entries) });
  for (const path of ["/away", "/own", "/broken", "/items?q=a%0Ab"]) await ask(gateway, request("GET", path));
  assert.deepEqual(entries, [
    "upstreams: upstream attempt failed",
    "handlers: handled",
    ": a handler threw",
    "policies.headers: a request was refused: the value for a header has a control character",
  ]);
});
