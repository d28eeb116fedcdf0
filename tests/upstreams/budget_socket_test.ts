import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import {
  answering,
  type BedGateway,
  gatewayTo,
  get,
  HoldingOrigin,
  Pending,
  post,
  REFUSING,
  settle,
} from "./traffic_bed.ts";

interface Budget {
  readonly ratio: number;
  readonly floor: number;
}

/** A gateway that tries `bad` first and then `good`, with a budget. */
function behind(bad: string, good: string, clock: FakeClock, budget: Budget): BedGateway {
  return gatewayTo([bad, { url: good, backup: true }], clock, { settings: { retry: { budget } } });
}

/** Everything that was sent is answered with this status; what the origin holds is let go one by one. */
async function finish(pending: readonly Pending[], good: HoldingOrigin, status: number, most: number): Promise<void> {
  for (let done = 0; done < pending.length; done++) {
    await until(() => good.count > done);
    await settle();
    assert.ok(good.count - done <= most, `${good.count - done} retries at once, not ${most}`);
    await good.release(done);
  }
  for (const { response } of pending) assert.equal((await response).status, status);
}

const BUDGETS: readonly [ratio: number, floor: number, requests: number, atOnce: number][] = [
  [0, 1, 4, 1],
  [0.2, 1, 10, 2],
  [0.5, 1, 6, 3],
  [0.2, 3, 5, 3],
];

for (const [ratio, floor, count, atOnce] of BUDGETS) {
  Deno.test(`of ${count} failures at once, ratio ${ratio} and floor ${floor} let ${atOnce} be retried at a time, all in the end`, async () => {
    const clock = new FakeClock();
    await using bad = await HoldingOrigin.start();
    await using good = await HoldingOrigin.start();
    await using gateway = behind(bad.url, good.url, clock, { ratio, floor });
    await using all = new AsyncDisposableStack();
    const pending: Pending[] = [];
    for (let i = 0; i < count; i++) pending.push(all.use(await Pending.send(gateway, get())));
    await until(() => bad.count === count);
    for (let i = 0; i < count; i++) await bad.release(i, answer(503));
    await until(() => good.count === atOnce);
    await settle();
    assert.equal(good.count, atOnce);
    await finish(pending, good, 200, atOnce);
    // Nothing leaked: as many are let through once more.
    await using again = await Pending.send(gateway, get());
    await bad.release(count, answer(503));
    await good.release(count);
    assert.equal((await again.response).status, 200);
  });
}

Deno.test("whoever finds no place for a second gets the upstream's own answer, and holds nothing", async () => {
  const clock = new FakeClock();
  await using bad = await answering(503, "own");
  await using good = await HoldingOrigin.start();
  await using gateway = behind(bad.url, good.url, clock, { ratio: 0, floor: 1 });
  await using first = await Pending.send(gateway, get());
  await until(() => good.count === 1);
  await using second = await Pending.send(gateway, get());
  await until(() => bad.requests.length === 2);
  await settle();
  clock.advance(900);
  await settle();
  assert.equal(second.status, null);
  await passUntil(clock, second.response, 50);
  const response = await second.response;
  assert.deepEqual([response.status, response.text], [503, "own"]);
  assert.equal(gateway.gateway.upstreams()[0].retries.refused, 1);
  await good.release(0);
  assert.equal((await first.response).status, 200);
  await using third = await Pending.send(gateway, get());
  await good.release(1);
  assert.equal((await third.response).status, 200);
});

Deno.test("a place is held until the retry's body has ended", async () => {
  const clock = new FakeClock(), end = Promise.withResolvers<void>();
  await using bad = await answering(503);
  await using good = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    if (request.connection.index === 0) await end.promise;
    await request.send("0\r\n\r\n");
  });
  await using gateway = behind(bad.url, good.url, clock, { ratio: 0, floor: 1 });
  await using first = await Pending.send(gateway, get());
  await good.request(0);
  await using second = await Pending.send(gateway, get());
  await until(() => bad.requests.length === 2);
  await settle();
  assert.equal(good.requests.length, 1);
  end.resolve();
  assert.equal((await first.response).text, "hello");
  assert.equal((await second.response).text, "hello");
});

Deno.test("retries that pause hold their place", async () => {
  const clock = new FakeClock();
  await using bad = await answering(503);
  await using good = await HoldingOrigin.start();
  await using gateway = gatewayTo([bad.url, { url: good.url, backup: true }], clock, {
    settings: { retry: { budget: { ratio: 0, floor: 1 }, backoff: "40ms" } },
    world: { random: () => 0.5 },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => clock.untilNext === 20);
  await using second = await Pending.send(gateway, get());
  await until(() => bad.requests.length === 2);
  await settle();
  clock.advance(20);
  await good.release(0);
  assert.equal((await first.response).status, 200);
  await until(() => clock.untilNext === 20);
  assert.equal(good.count, 1, "the second one has its place now, and pauses");
  clock.advance(20);
  await good.release(1);
  assert.equal((await second.response).status, 200);
});

Deno.test("the first try waits for nothing and takes no place, nor does what was never sent", async () => {
  const clock = new FakeClock();
  await using good = await HoldingOrigin.start();
  await using gateway = behind(REFUSING, good.url, clock, { ratio: 0.01, floor: 0 });
  await using one = await Pending.send(gateway, get());
  await using two = await Pending.send(gateway, post("pay"));
  await until(() => good.count === 2);
  await good.release(0);
  await good.release(1);
  for (const { response } of [one, two]) assert.equal((await response).status, 200);
  assert.equal(clock.now(), 0);
});

Deno.test("budget: false lets every failure be retried at once", async () => {
  const clock = new FakeClock();
  await using bad = await answering(503);
  await using good = await HoldingOrigin.start();
  await using gateway = gatewayTo([bad.url, { url: good.url, backup: true }], clock, {
    settings: { retry: { budget: false } },
  });
  await using all = new AsyncDisposableStack();
  const pending: Pending[] = [];
  for (let i = 0; i < 12; i++) pending.push(all.use(await Pending.send(gateway, get())));
  await until(() => good.count === 12);
  await finish(pending, good, 200, 12);
});

const ENDINGS: { readonly [how: string]: (request: OriginRequest) => Promise<void> } = {
  status: (request) => request.send(answer(503)),
  reset: ({ connection }) => connection.reset(),
  close: ({ connection }) => connection.close(),
  garbage: (request) => request.send("garbage\r\n\r\n"),
  hang: (request) => request.hang(),
  cut: async ({ connection }) => {
    await connection.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n");
    await connection.close();
  },
};

Deno.test("after failures of every kind a place is free again", async () => {
  const clock = new FakeClock();
  await using bad = await ScriptedOrigin.start((request: OriginRequest) => ENDINGS[request.header("x-how")!](request));
  await using gateway = gatewayTo([bad.url], clock, {
    settings: { retry: { budget: { ratio: 0, floor: 1 } }, timeouts: { head: "200ms" } },
  });
  for (const [i, how] of [...Object.keys(ENDINGS), "status"].entries()) {
    await using pending = await Pending.send(gateway, get(`x-how: ${how}`));
    await passUntil(clock, pending.response, 100);
    // A body that broke off came behind the answer.
    assert.equal((await gateway.event(i)).attempts, how === "cut" ? 1 : 2, how);
  }
});

Deno.test("a try whose answer is still to be read does not keep the place in the budget that the next try needs", async () => {
  const clock = new FakeClock();
  await using first = await answering(503);
  await using second = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbusy\r\n");
    await request.hang();
  });
  await using third = await answering(200, "ok");
  await using gateway = gatewayTo(
    [{ url: first.url, tier: 0 }, { url: second.url, tier: 1 }, { url: third.url, tier: 2 }],
    clock,
    { settings: { retry: { attempts: 3, budget: { ratio: 0, floor: 1 } } } },
  );
  await using pending = await Pending.send(gateway, get());
  await until(() => second.requests.length === 1);
  await passUntil(clock, until(() => pending.client.receivedText.includes("\r\n\r\n")), 100);
  assert.match(pending.client.receivedText, /^HTTP\/1.1 200 /);
});

Deno.test("where every endpoint fails nobody waits for a place: its own answer passes at once", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, {
    settings: { retry: { budget: { ratio: 0, floor: 1 } } },
  });
  // Both are known to fail.
  await using known = await Pending.send(gateway, get());
  await a.release(0, answer(503));
  await b.release(0, answer(503));
  assert.equal((await known.response).status, 503);
  await using first = await Pending.send(gateway, get());
  await using second = await Pending.send(gateway, get());
  await until(() => a.count === 2 && b.count === 2);
  await a.release(1, answer(503));
  await until(() => b.count === 3, "the one retry that the budget lets through");
  await b.release(1, answer(503));
  await until(() => first.status === 503 || second.status === 503);
  assert.deepEqual([a.count, b.count], [2, 3]);
  await b.release(2, answer(503));
  for (const { response } of [first, second]) assert.equal((await response).status, 503);
});
