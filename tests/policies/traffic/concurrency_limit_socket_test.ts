import { strict as assert } from "node:assert";
import { concurrencyLimit, type ConcurrencyLimitOptions } from "../../../src/policies/traffic/concurrency_limit.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { passUntil, until } from "../../support/until.ts";
import {
  ask,
  begin,
  type Engine,
  ENGINES,
  gatewayTo,
  get,
  HoldingOrigin,
  Pending,
  post,
} from "../../upstreams/traffic_bed.ts";

function limited(url: string, clock: FakeClock, engine: Engine, options: ConcurrencyLimitOptions) {
  const route = { policies: [concurrencyLimit(options)] };
  return gatewayTo([url as "http://x"], clock, { route, listen: { engine } });
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: concurrencyLimit() counts a request until the last byte of its answer is out`, async () => {
    const clock = new FakeClock(), rest = Promise.withResolvers<void>();
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nok");
      await rest.promise;
      await request.send("ok");
    });
    await using gateway = limited(origin.url, clock, engine, { max: 1 });
    await using client = await gateway.connect();
    await client.send(get());
    assert.match(await client.takeUntil("\r\n\r\nok"), / 200 /);
    const refused = await ask(gateway, get());
    assert.deepEqual([refused.status, JSON.parse(refused.text).code], [503, "concurrency_limited"]);
    assert.equal(refused.header("retry-after"), "1");
    rest.resolve();
    await client.takeUntil("ok");
    await until(() => gateway.completed.length === 2, "the end of the first request");
    assert.equal((await ask(gateway, get())).status, 200);
    assert.deepEqual(gateway.completed.map(({ error }) => error), ["concurrency_limited", "", ""]);
  });

  Deno.test(`${engine}: concurrencyLimit() has a place again as soon as a client has gone`, async () => {
    const clock = new FakeClock();
    await using origin = await HoldingOrigin.start();
    await using gateway = limited(origin.url, clock, engine, { max: 1, queue: 1, queueTimeout: "1h" });
    await using client = await gateway.connect();
    await client.send(get());
    await until(() => origin.count === 1);
    await using next = await Pending.send(gateway, post("hello"));
    assert.equal(origin.count, 1);
    await client.reset();
    // One of the engines looks after its clients from time to time only.
    await passUntil(clock, until(() => origin.count === 2, "the next one in line"), 100);
    await origin.release(1);
    await passUntil(clock, next.response, 100);
    assert.equal(next.status, 200);
    assert.equal(await origin.held[1].request.text(), "hello");
  });

  Deno.test(`${engine}: concurrencyLimit() lets those in line go on in order, without one who left`, async () => {
    const clock = new FakeClock();
    await using origin = await HoldingOrigin.start();
    await using gateway = limited(origin.url, clock, engine, { max: 1, queue: 3, queueTimeout: "1h" });
    await using first = await Pending.send(gateway, get("x-place: 1"));
    await until(() => origin.count === 1);
    await using second = await gateway.connect();
    await begin(gateway, second, get("x-place: 2"));
    await using third = await Pending.send(gateway, get("x-place: 3"));
    await using fourth = await Pending.send(gateway, get("x-place: 4"));
    assert.equal((await ask(gateway, get())).status, 503, "three wait");
    await second.reset();
    await passUntil(
      clock,
      until(() => gateway.completed.some(({ status }) => status === 499), "the one who left"),
      100,
    );
    for (const [i, pending] of [first, third, fourth].entries()) {
      await origin.release(i, answer(200, `${i}`));
      await passUntil(clock, pending.response, 100);
    }
    assert.deepEqual(origin.held.map(({ request }) => request.header("x-place")), ["1", "3", "4"]);
  });

  Deno.test(`${engine}: concurrencyLimit() refuses who waits for too long, with its body unread`, async () => {
    const clock = new FakeClock();
    await using origin = await HoldingOrigin.start();
    await using gateway = limited(origin.url, clock, engine, { max: 1, queue: 1, queueTimeout: "2s", key: "ip" });
    await using first = await Pending.send(gateway, get());
    await until(() => origin.count === 1);
    await using second = await Pending.send(gateway, post("hello"));
    await passUntil(clock, second.response, 100);
    assert.ok(clock.now() >= 2_000);
    const { status, text } = await second.response;
    assert.deepEqual([status, JSON.parse(text).code], [429, "concurrency_limited"]);
    await origin.release(0);
    await passUntil(clock, first.response, 100);
    assert.equal(origin.count, 1);
  });
}
