import { strict as assert } from "node:assert";
import { defineBalancer } from "gatewright";
import { FakeClock } from "../support/fake_clock.ts";
import { answering, ask, gatewayTo, get, HoldingOrigin, Pending, REFUSING } from "./traffic_bed.ts";

const failing = defineBalancer({
  name: "failing",
  create: () => () => {
    throw new Error("hunter2");
  },
});
const foreign = defineBalancer({ name: "foreign", create: () => (eligible) => ({ ...eligible[0] }) });
const byHeader = defineBalancer({
  name: "by-header",
  create: () => (eligible, { headers }) => eligible[Number(headers.get("x-pick") ?? 0) % eligible.length],
});

for (const balance of [failing, foreign]) {
  Deno.test(`a balancer that is ${balance.name}: 500 balancer_failed, nothing sent, nothing held, the cause in the log`, async () => {
    await using origin = await answering(200);
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      settings: {
        balance,
        maxInFlight: { total: 1, queue: 0 },
        circuitBreaker: { per: "upstream", failureThreshold: 1 },
      },
    });
    for (let i = 0; i < 3; i++) {
      const response = await ask(gateway, get());
      assert.deepEqual([response.status, JSON.parse(response.text).code], [500, "balancer_failed"]);
      assert.doesNotMatch(response.text, /hunter2/);
    }
    assert.equal(origin.requests.length, 0);
    assert.match(JSON.stringify(gateway.log), new RegExp(balance.name));
  });
}

Deno.test("a balancer of one's own sees the request, and for a retry who was not tried", async () => {
  await using a = await answering(200, "a");
  await using b = await answering(200, "b");
  await using gateway = gatewayTo([REFUSING, a.url, b.url], new FakeClock(), { settings: { balance: byHeader } });
  assert.equal((await ask(gateway, get("x-pick: 1"))).text, "a");
  assert.equal((await ask(gateway, get("x-pick: 2"))).text, "b");
  assert.equal((await ask(gateway, get("x-pick: 0"))).text, "a");
  assert.deepEqual(gateway.completed.map(({ attempts }) => attempts), [1, 1, 2]);
});

Deno.test("a balancer of one's own sees how busy endpoints are", async () => {
  const fewest = defineBalancer({
    name: "fewest",
    create: () => (eligible) => eligible.toSorted((a, b) => a.inFlight - b.inFlight)[0],
  });
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], new FakeClock(), { settings: { balance: fewest } });
  await using all = new AsyncDisposableStack();
  const pending: Pending[] = [];
  for (let i = 1; i <= 4; i++) {
    pending.push(all.use(await Pending.send(gateway, get())));
    await (i % 2 === 1 ? a : b).origin.request(Math.floor((i - 1) / 2));
  }
  for (const origin of [a, b]) for (const i of [0, 1]) await origin.release(i);
  for (const { response } of pending) assert.equal((await response).status, 200);
});
