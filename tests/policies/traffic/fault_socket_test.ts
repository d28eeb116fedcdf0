import { strict as assert } from "node:assert";
import { defineGateway, fault, type FaultOptions } from "gatewright";
import type { Cancel } from "../../../src/core/clock.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { turn } from "../../support/turn.ts";
import { passUntil, until } from "../../support/until.ts";

const GET = "GET /a HTTP/1.1\r\nhost: a.example\r\n\r\n";
const POST = "POST /a HTTP/1.1\r\nhost: a.example\r\ncontent-length: 5\r\n\r\nhello";

/** A clock that knows when a request is being held: no other timer is set for so odd a time. */
class HoldingClock extends FakeClock {
  static readonly DELAY = "3599.5s";
  #held = 0;

  override after(ms: number, run: () => void): Cancel {
    if (ms === 3_599_500) this.#held++;
    return super.after(ms, run);
  }

  holds(): Promise<void> {
    return until(() => this.#held > 0, "the delay");
  }
}

function gatewayTo(origin: ScriptedOrigin, clock: FakeClock, engine: "h1" | "serve", options: FaultOptions) {
  const config = defineGateway({
    upstreams: { o: { endpoints: [origin.url as "http://x"], retry: { attempts: 3 } } },
    routes: [{ path: "/*", upstream: "o", policies: [fault(options)] }],
  });
  return TestGateway.start(config, { clock, random: () => 0 }, { engine });
}

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: fault() holds a request with its body, then sends it on whole`, async () => {
    const clock = new HoldingClock();
    await using origin = await ScriptedOrigin.start([answer(200, "yes")]);
    await using gateway = gatewayTo(origin, clock, engine, { enabled: true, delay: { for: HoldingClock.DELAY } });
    await using client = await gateway.connect();
    await client.send(POST);
    await clock.holds();
    clock.advance(3_599_499);
    await turn();
    assert.equal(origin.requests.length, 0);
    await clock.pass(1);
    assert.equal((await client.response("POST")).text, "yes");
    assert.equal(await (await origin.request()).text(), "hello");
  });

  for (const request of [GET, POST]) {
    const method = request.slice(0, request.indexOf(" "));
    Deno.test(`${engine}: fault() sends nothing upstream for a ${method} whose client left during the delay, 499`, async () => {
      const clock = new HoldingClock();
      await using origin = await ScriptedOrigin.start([answer(200, "yes")]);
      await using gateway = gatewayTo(origin, clock, engine, {
        enabled: true,
        delay: { for: HoldingClock.DELAY },
        abort: {},
      });
      await using client = await gateway.connect();
      await client.send(request);
      await clock.holds();
      await client.reset();
      const left = gateway.event();
      // One of the engines looks after its clients from time to time only.
      await passUntil(clock, left, 100);
      const { status, error, attempts } = await left;
      assert.deepEqual([status, error, attempts], [499, "client_closed_request", 0]);
      assert.equal(origin.connections.length, 0);
    });
  }

  Deno.test(`${engine}: fault() refuses before the target: nothing is tried, and nothing tried again`, async () => {
    const clock = new HoldingClock();
    await using origin = await ScriptedOrigin.start([answer(200, "yes")]);
    await using gateway = gatewayTo(origin, clock, engine, { enabled: true, abort: { share: 0.5 } });
    await using client = await gateway.connect();
    const reply = await client.exchange(POST);
    assert.deepEqual([reply.status, JSON.parse(reply.text).code], [503, "fault_injected"]);
    const { status, error, attempts } = await gateway.event();
    assert.deepEqual([status, error, attempts], [503, "fault_injected", 0]);
    assert.equal(origin.connections.length, 0);
  });
}
