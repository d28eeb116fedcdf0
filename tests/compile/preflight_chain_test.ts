import { strict as assert } from "node:assert";
import type { Middleware } from "../../src/core/handler.ts";
import type { PolicyTraits } from "../../src/core/policy.ts";
import { askedFor, preflightChain } from "../../src/compile/preflight_chain.ts";
import { makeExchange } from "../support/exchange.ts";

const named = (
  name: string,
  ran: string[],
  traits: PolicyTraits,
): { middleware: Middleware; traits: PolicyTraits } => ({
  traits,
  middleware: (next) => (exchange) => {
    ran.push(name);
    return next(exchange);
  },
});

Deno.test("preflightChain() runs what is meant for preflights, in order, around an empty 204", async () => {
  const ran: string[] = [];
  const chain = preflightChain([
    named("filter", ran, { preflight: "joins" }),
    named("jwt", ran, { identity: "required" }),
    named("cors", ran, { preflight: "answers" }),
    named("limit", ran, {}),
  ]);
  const reply = await chain!(makeExchange({ method: "OPTIONS" }));
  assert.deepEqual([ran, reply.status, reply.body], [["filter", "cors"], 204, null]);
});

Deno.test("preflightChain() is none where nothing answers preflights", () => {
  assert.equal(preflightChain([named("filter", [], { preflight: "joins" }), named("jwt", [], {})]), null);
});

Deno.test("askedFor() is the preflight with the method that it asks for", () => {
  const asked = askedFor(makeExchange({ method: "OPTIONS", path: "/a", query: "?b" }), "PUT");
  assert.deepEqual([asked.method, asked.path, asked.query, asked.host], ["PUT", "/a", "?b", "gateway.test"]);
});
