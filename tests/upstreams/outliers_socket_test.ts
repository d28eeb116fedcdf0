import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import type { TestGateway } from "../support/test_gateway.ts";
import { answering, ask, gatewayTo, get, logOf, REFUSING } from "./traffic_bed.ts";

const OUTLIERS = { consecutiveGatewayErrors: 3, ejectFor: "10s" } as const;

/** Ejections and returns: `+` and `-` with the endpoint's url. */
function ejectionsOf(gateway: TestGateway): string[] {
  const seen: string[] = [];
  gateway.gateway.events.on("endpoint.ejected", ({ endpoint, ejected }) => {
    seen.push(`${ejected ? "+" : "-"}${endpoint.slice(2)}`);
  });
  return seen;
}

async function askTimes(gateway: TestGateway, times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) statuses.push((await ask(gateway, get())).status);
  return statuses;
}

const BAD: readonly [what: string, does: (request: OriginRequest) => Promise<void>][] = [
  ["answers 503", (request) => request.send(answer(503))],
  ["resets", ({ connection }) => connection.reset()],
  ["sends garbage", (request) => request.send("garbage\r\n\r\n")],
];
for (const [what, does] of BAD) {
  Deno.test(`an endpoint that ${what} is ejected for a while, and comes back`, async () => {
    const clock = new FakeClock();
    let well = false;
    await using bad = await ScriptedOrigin.start((request: OriginRequest) =>
      well ? request.send(answer(200)) : does(request)
    );
    await using good = await answering(200);
    await using gateway = gatewayTo([bad.url, good.url], clock, { settings: { outliers: OUTLIERS } });
    const seen = ejectionsOf(gateway);
    assert.ok((await askTimes(gateway, 6)).every((status) => status === 200));
    assert.deepEqual(seen, [`+${bad.url}`]);
    const before = bad.requests.length;
    await askTimes(gateway, 6);
    assert.equal(bad.requests.length, before);
    well = true;
    clock.advance(9_950);
    await askTimes(gateway, 2);
    assert.equal(bad.requests.length, before);
    clock.advance(100);
    await askTimes(gateway, 4);
    assert.equal(bad.requests.length, before + 2, "it has its share again");
    assert.deepEqual(seen, [`+${bad.url}`, `-${bad.url}`]);
    assert.deepEqual(logOf(gateway), [
      `warn: endpoint is ejected (o/${bad.url})`,
      `info: endpoint is no longer ejected (o/${bad.url})`,
    ]);
  });
}

Deno.test("an endpoint that refuses connections is ejected: then nobody tries it", async () => {
  const clock = new FakeClock();
  await using good = await answering(200);
  await using gateway = gatewayTo([REFUSING, good.url], clock, { settings: { outliers: OUTLIERS } });
  await askTimes(gateway, 8);
  const attempts = gateway.completed.map((event) => event.attempts);
  assert.equal(attempts.filter((count) => count === 2).length, 3);
  assert.deepEqual(attempts.slice(-2), [1, 1]);
});

Deno.test("the last endpoint is never ejected, nor is the only one", async () => {
  await using a = await answering(503, "a");
  await using b = await answering(503, "b");
  for (const endpoints of [[a.url], [a.url, b.url]]) {
    await using gateway = gatewayTo(endpoints, new FakeClock(), { settings: { outliers: OUTLIERS, retry: false } });
    const seen = ejectionsOf(gateway);
    const before = a.requests.length + b.requests.length;
    const statuses = await askTimes(gateway, 12);
    assert.deepEqual(statuses, statuses.map(() => 503), "their own words, and none of the gateway's");
    assert.equal(a.requests.length + b.requests.length, before + 12);
    assert.equal(seen.length, endpoints.length - 1);
  }
});

Deno.test("no more than maxEjected of the endpoints are out at once", async () => {
  await using all = new AsyncDisposableStack();
  const bad: ScriptedOrigin[] = [];
  for (let i = 0; i < 3; i++) bad.push(all.use(await answering(503)));
  await using good = await answering(200);
  await using gateway = gatewayTo([...bad.map(({ url }) => url), good.url], new FakeClock(), {
    settings: { outliers: { ...OUTLIERS, maxEjected: 0.5 }, retry: false },
  });
  const seen = ejectionsOf(gateway);
  await askTimes(gateway, 40);
  assert.equal(seen.length, 2);
});

Deno.test("5xx eject where they are counted; a 404 is a success, and a good answer starts the row anew", async () => {
  const statuses = [500, 500, 404, 500, 500, 200, 500, 500, 500];
  await using bad = await ScriptedOrigin.start((request: OriginRequest) =>
    request.send(answer(statuses.shift() ?? 200, "", "x-from: bad"))
  );
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), {
    settings: { outliers: { consecutiveGatewayErrors: false, consecutive5xx: 3 } },
  });
  const seen = ejectionsOf(gateway);
  for (let i = 0; i < 8 && seen.length === 0; i++) await askTimes(gateway, 2);
  assert.deepEqual([seen, statuses], [[], [500]]);
  await askTimes(gateway, 2);
  assert.deepEqual(seen, [`+${bad.url}`]);
});

Deno.test("an endpoint that is ejected again is out for longer", async () => {
  const clock = new FakeClock();
  await using bad = await answering(503);
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], clock, { settings: { outliers: OUTLIERS } });
  const seen = ejectionsOf(gateway);
  await askTimes(gateway, 6);
  clock.advance(10_050);
  await askTimes(gateway, 6);
  assert.equal(seen.length, 3);
  clock.advance(10_050);
  assert.equal(seen.length, 3);
  clock.advance(10_050);
  assert.deepEqual(seen.at(-1), `-${bad.url}`);
});
