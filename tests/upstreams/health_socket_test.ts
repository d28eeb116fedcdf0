import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import type { TestGateway } from "../support/test_gateway.ts";
import { passUntil, until } from "../support/until.ts";
import { ask, ENGINES, gatewayTo, get, HangingPorts, logOf, Pending, REFUSING, settle } from "./traffic_bed.ts";

/** An endpoint that says of itself how it is, and counts what is no probe. */
class Endpoint implements AsyncDisposable {
  well = true;
  requests = 0;
  probes = 0;
  #origin: ScriptedOrigin | null = null;

  static async start(): Promise<Endpoint> {
    const endpoint = new Endpoint();
    endpoint.#origin = await ScriptedOrigin.start((request: OriginRequest) => endpoint.#serve(request));
    return endpoint;
  }

  get url(): string {
    return this.#origin!.url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#origin?.[Symbol.asyncDispose]();
  }

  #serve(request: OriginRequest): Promise<void> {
    const isProbe = request.target === "/health";
    if (isProbe) this.probes++;
    else this.requests++;
    return request.send(answer(isProbe && !this.well ? 503 : 200));
  }
}

const HEALTH = { path: "/health", interval: "200ms", jitter: 0, rise: 2, fall: 2 } as const;

/** The clock is turned until as many changes of health have been told. */
async function changes(gateway: TestGateway, clock: FakeClock, count: number, then: () => void): Promise<void> {
  let seen = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = gateway.gateway.events.on("endpoint.health", () => ++seen === count && resolve());
  then();
  await passUntil(clock, promise, 100);
  stop();
}

Deno.test("an endpoint that fails its probes gets no requests, and its share again when it is back", async () => {
  const clock = new FakeClock();
  await using a = await Endpoint.start();
  await using b = await Endpoint.start();
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: { health: HEALTH } });
  for (let i = 0; i < 4; i++) await ask(gateway, get());
  assert.deepEqual([a.requests, b.requests], [2, 2]);
  await changes(gateway, clock, 1, () => a.well = false);
  for (let i = 0; i < 4; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.deepEqual([a.requests, b.requests], [2, 6]);
  await changes(gateway, clock, 1, () => a.well = true);
  for (let i = 0; i < 4; i++) await ask(gateway, get());
  assert.deepEqual([a.requests, b.requests], [4, 8]);
  assert.deepEqual(logOf(gateway), [
    `warn: endpoint is unhealthy (o/${a.url})`,
    `info: endpoint is healthy (o/${a.url})`,
  ]);
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: all endpoints down: 503 at once, without a try, until one is back`, async () => {
    const clock = new FakeClock();
    await using a = await Endpoint.start();
    await using b = await Endpoint.start();
    await using gateway = gatewayTo([a.url, b.url], clock, {
      settings: { health: HEALTH, maxInFlight: { total: 1, perEndpoint: 1 } },
      listen: { engine },
    });
    await changes(gateway, clock, 2, () => a.well = b.well = false);
    const before = clock.now();
    for (let i = 0; i < 3; i++) {
      const response = await ask(gateway, get());
      assert.deepEqual([response.status, JSON.parse(response.text).code], [503, "no_endpoint"]);
    }
    assert.deepEqual([a.requests, b.requests, clock.now()], [0, 0, before]);
    assert.deepEqual(gateway.completed.map(({ attempts, error }) => [attempts, error]), [
      [0, "no_endpoint"],
      [0, "no_endpoint"],
      [0, "no_endpoint"],
    ]);
    await changes(gateway, clock, 1, () => b.well = true);
    for (let i = 0; i < 2; i++) assert.equal((await ask(gateway, get())).status, 200);
    assert.deepEqual([a.requests, b.requests], [0, 2]);
  });
}

Deno.test('an endpoint that starts "down" gets requests from its first passed probe on', async () => {
  const clock = new FakeClock();
  await using a = await Endpoint.start();
  await using gateway = gatewayTo([a.url], clock, { settings: { health: { ...HEALTH, start: "down" } } });
  await changes(gateway, clock, 1, () => {});
  assert.equal((await ask(gateway, get())).status, 200);
});

Deno.test("backups take over when the ordinary endpoints are down, and give back", async () => {
  const clock = new FakeClock();
  await using a = await Endpoint.start();
  await using backup = await Endpoint.start();
  await using gateway = gatewayTo([a.url, { url: backup.url, backup: true }], clock, { settings: { health: HEALTH } });
  await ask(gateway, get());
  await changes(gateway, clock, 1, () => a.well = false);
  await ask(gateway, get());
  assert.deepEqual([a.requests, backup.requests], [1, 1]);
  await changes(gateway, clock, 1, () => a.well = true);
  await ask(gateway, get());
  assert.deepEqual([a.requests, backup.requests], [2, 1]);
});

Deno.test("a retry goes to no endpoint that is down", async () => {
  const clock = new FakeClock();
  await using a = await Endpoint.start();
  await using gateway = gatewayTo([a.url, REFUSING], clock, {
    settings: { health: { tcp: true, interval: "1s", fall: 1, jitter: 0 } },
  });
  await changes(gateway, clock, 1, () => {});
  for (let i = 0; i < 4; i++) {
    await ask(gateway, get());
    assert.equal((await gateway.event(i)).attempts, 1);
  }
});

Deno.test("whoever waits for a place is told when the last endpoint goes down, and does not wait on", async () => {
  const clock = new FakeClock();
  let well = true;
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    if (request.target === "/health") return await request.send(answer(well ? 200 : 503));
    await go.promise;
    await request.send(answer(200));
  });
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { health: { ...HEALTH, fall: 1 }, maxInFlight: { perEndpoint: 1, queueTimeout: "60s" } },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => origin.requests.some(({ target }) => target === "/"));
  await using second = await Pending.send(gateway, get());
  await settle();
  assert.equal(second.status, null);
  await changes(gateway, clock, 1, () => well = false);
  assert.equal(JSON.parse((await second.response).text).code, "no_endpoint");
  go.resolve();
  assert.equal((await first.response).status, 200, "what is under way is not cut");
});

Deno.test("one prober watches an endpoint however many routes use it, and ends with the gateway", async () => {
  const clock = new FakeClock();
  await using a = await Endpoint.start();
  {
    await using gateway = gatewayTo([a.url], clock, {
      settings: { health: HEALTH },
      route: { split: { to: [{ upstream: "o", weight: 1 }, { upstream: "o", weight: 1 }] } },
    });
    await passUntil(clock, until(() => a.probes === 3), 50);
    assert.ok(clock.now() >= 400, `three probes within ${clock.now()} ms`);
    assert.equal(gateway.completed.length, 0);
  }
  const { probes } = a;
  clock.advance(10_000);
  await settle();
  assert.equal(a.probes, probes);
});

Deno.test("a probe that hangs is a failed one", async () => {
  const clock = new FakeClock(), ports = new HangingPorts(9);
  await using a = await Endpoint.start();
  await using gateway = gatewayTo(["http://127.0.0.1:9", a.url], clock, {
    settings: { health: { ...HEALTH, fall: 1, timeout: "1s" } },
    world: { connect: ports.connect },
  });
  await changes(gateway, clock, 1, () => {});
  for (let i = 0; i < 3; i++) {
    await ask(gateway, get());
    assert.equal((await gateway.event(i)).attempts, 1);
  }
  assert.ok(ports.hanging <= 1, "probes do not overlap");
});
