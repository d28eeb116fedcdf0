import { strict as assert } from "node:assert";
import type { BodySource } from "../../../src/core/body.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { Service, ServiceError } from "../../../src/policies/service/service.ts";
import { urlAddress } from "../../../src/policies/service/service_address.ts";
import { makeEnv, makeExchange } from "../../support/exchange.ts";
import { SeenTraces } from "../../support/recorded_trace.ts";
import { turn } from "../../support/turn.ts";

/** A body that begins, and that looks as if it had ended once it is given up. */
class EndingBody implements BodySource {
  readonly length = undefined;
  readonly #ended = Promise.withResolvers<number>();
  #begun = false;

  read(into: Uint8Array): number | Promise<number> {
    if (this.#begun) return this.#ended.promise;
    this.#begun = true;
    into[0] = 0x61;
    return 1;
  }

  cancel(): void {
    this.#ended.resolve(0);
  }
}

function bed() {
  const env = { ...makeEnv(), dispatch: () => () => new Reply(200, HeaderList.of(), new EndingBody()) };
  const address = urlAddress("http://id.example/")!;
  return { env, service: new Service(env, address, { timeout: 500, most: 1_000 }) };
}

/** Why a call came to nothing. */
async function errorOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(() => null, (error) => error);
  assert.ok(error instanceof ServiceError, "there is no answer");
  return error.message;
}

Deno.test("Service.call() takes no part of a body for the whole, whoever gives it up", async () => {
  const late = bed(), waiting = errorOf(late.service.call({ method: "GET" }));
  await turn();
  late.env.clock.advance(550);
  assert.equal(await waiting, "http://id.example: no answer after 500 ms");

  const left = bed(), on = makeExchange(), leaving = errorOf(left.service.call({ method: "GET", on }));
  await turn();
  on.abort();
  assert.equal(await leaving, "http://id.example: given up");
});

Deno.test("Service.call() ends when its gateway has stopped, and begins no more", async () => {
  const { env, service } = bed(), on = makeExchange();
  const calls = [service.call({ method: "GET" }), service.call({ method: "GET", on, shared: true })].map(errorOf);
  await turn();
  env.state<{ close(): void }>("services/calls", {}, () => assert.fail("there are no calls")).close();
  for (const call of calls) assert.match(await call, /given up/);
  assert.match(await errorOf(service.call({ method: "GET" })), /given up/);
});

Deno.test("Service.call() is part of the trace of the exchange that it is for, or of the one that it is given", async () => {
  const asked: (string | undefined)[] = [], tracing = new SeenTraces();
  const dispatch = () => (exchange: Exchange) => {
    asked.push(exchange.trace?.spanId);
    return new Reply(200, HeaderList.of(), null);
  };
  const service = new Service({ ...makeEnv(), dispatch }, urlAddress("http://id.example/")!, { timeout: 500, most: 1 });
  const on = makeExchange(), trace = tracing.trace();
  on.trace = tracing.trace();
  await service.call({ method: "GET", on });
  await service.call({ method: "GET", trace });
  await service.call({ method: "GET" });
  assert.deepEqual(asked, [on.trace.spanId, trace.spanId, undefined]);
});
