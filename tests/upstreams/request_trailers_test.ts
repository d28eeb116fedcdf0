import { strict as assert } from "node:assert";
import type { BodySource } from "../../src/core/body.ts";
import { forwardedBody } from "../../src/upstreams/request_trailers.ts";
import { makeExchange } from "../support/exchange.ts";

const SENT = ["x-sum", "1", "x-user-id", "root", "x_user_id", "root", "x-set", "mine", "x-hop", "2"];

function trailersOf(owned: readonly string[] | null): readonly string[] | null | undefined {
  const source: BodySource = { length: undefined, trailers: SENT, read: () => 0, cancel() {} };
  const exchange = makeExchange({ headers: [["x-set", "a policy's"], ["connection", "x-hop"]] });
  exchange.owned = owned;
  return (forwardedBody(exchange, source) as BodySource).trailers;
}

Deno.test("trailers go on, but for those of this hop and those that the head has", () => {
  assert.deepEqual(trailersOf(null), ["x-sum", "1", "x-user-id", "root", "x_user_id", "root"]);
});

Deno.test("trailers under a name that a policy owns do not go on, however it is spelled", () => {
  assert.deepEqual(trailersOf(["x-user-id"]), ["x-sum", "1"]);
});
