import { strict as assert } from "node:assert";
import type { UpstreamConfig } from "../../src/config/types/upstream.ts";
import type { RawClient } from "../support/raw_client.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import {
  answering,
  ask,
  askInTime,
  type BedGateway,
  begin,
  chunk,
  chunkedHead,
  type Engine,
  ENGINES,
  gatewayTo,
  get,
  HangingPorts,
  HoldingOrigin,
  Pending,
  settle,
} from "./traffic_bed.ts";

/** The slightest failure of an endpoint shows, and a place that is not given back stops everything. */
const TOUCHY: Partial<UpstreamConfig> = {
  maxInFlight: { total: 1, perEndpoint: 1, queue: 5 },
  circuitBreaker: [{ failureThreshold: 1 }, { per: "upstream", failureThreshold: 1 }],
  outliers: { consecutiveGatewayErrors: 1 },
};

/** An origin that does what `x-how` says; without it, it answers. */
function obedient(): Promise<ScriptedOrigin> {
  const HOW: { readonly [how: string]: (request: OriginRequest) => Promise<void> } = {
    hang: (request) => request.hang(),
    busy: (request) => request.send(answer(503, "busy")),
    stream: async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
      await request.hang();
    },
  };
  return ScriptedOrigin.start(async (request: OriginRequest) => {
    await (HOW[request.header("x-how") ?? ""] ?? ((request: OriginRequest) => request.send(answer(200, "ok"))))(
      request,
    );
  });
}

interface Bed extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly origin: ScriptedOrigin;
  readonly gateway: BedGateway;
  /** What breakers and outlier detection had to say. */
  readonly blamed: unknown[];
}

async function bed(engine: Engine, settings: Partial<UpstreamConfig> = {}): Promise<Bed> {
  const clock = new FakeClock(), origin = await obedient(), blamed: unknown[] = [];
  const gateway = gatewayTo([origin.url], clock, {
    settings: { ...TOUCHY, ...settings },
    world: { random: () => 0.5 },
    listen: { engine },
  });
  gateway.gateway.events.on("breaker.changed", (event) => blamed.push(event));
  gateway.gateway.events.on("endpoint.ejected", (event) => blamed.push(event));
  return {
    clock,
    origin,
    gateway,
    blamed,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await origin[Symbol.asyncDispose]();
    },
  };
}

/** The client goes; the gateway says 499 of it, blames nobody, and has room for the next. */
async function leaves(client: RawClient, { clock, gateway, blamed }: Bed, index = 0): Promise<void> {
  await client.close();
  await passUntil(clock, gateway.event(index), 10);
  const { status, error } = await gateway.event(index);
  assert.deepEqual([status, error, blamed], [499, "client_closed_request", []]);
  for (let i = 0; i < 2; i++) assert.equal((await askInTime(gateway, clock, get())).status, 200);
  assert.deepEqual(blamed, []);
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: a client that leaves the queue leaves it to the others`, async () => {
    await using all = await bed(engine);
    const { origin, gateway } = all;
    await using busy = await Pending.send(gateway, get("x-how: hang"));
    await origin.request();
    await using client = await gateway.connect();
    await begin(gateway, client, get());
    await using third = await Pending.send(gateway, get());
    await client.reset();
    await passUntil(all.clock, gateway.event(0), 10);
    assert.deepEqual([(await gateway.event(0)).status, (await gateway.event(0)).attempts], [499, 0]);
    assert.equal(origin.requests.length, 1);
    await leaves(busy.client, all, 1);
    assert.equal((await third.response).status, 200);
  });

  Deno.test(`${engine}: a client that leaves while the gateway waits for an answer has its attempt cancelled`, async () => {
    await using all = await bed(engine);
    await using client = await all.gateway.connect();
    await client.send(get("x-how: hang"));
    const { connection } = await all.origin.request();
    await leaves(client, all);
    await connection.ended();
    assert.equal(all.origin.requests.length, 3, "and is not repeated");
  });

  Deno.test(`${engine}: a client that leaves during a pause has no further try`, async () => {
    await using all = await bed(engine, {
      retry: { backoff: { base: "4s", max: "4s" } },
      circuitBreaker: { consecutiveFailures: 9 },
      outliers: { consecutiveGatewayErrors: 9 },
    });
    await using client = await all.gateway.connect();
    await client.send(get("x-how: busy"));
    await all.origin.request();
    await settle();
    assert.equal(all.gateway.completed.length, 0);
    await leaves(client, all);
    all.clock.advance(3_000);
    await settle();
    assert.equal(all.origin.requests.length, 3);
  });

  Deno.test(`${engine}: a client that leaves while it waits for a place in the budget leaves it to the next`, async () => {
    const clock = new FakeClock();
    await using bad = await answering(503);
    await using good = await HoldingOrigin.start();
    await using gateway = gatewayTo([bad.url, { url: good.url, backup: true }], clock, {
      settings: { retry: { budget: { ratio: 0, floor: 1 } } },
      listen: { engine },
    });
    await using first = await Pending.send(gateway, get());
    await until(() => good.count === 1);
    await using second = await gateway.connect();
    await second.send(get());
    await until(() => bad.requests.length === 2);
    await using third = await Pending.send(gateway, get());
    await until(() => bad.requests.length === 3);
    await settle();
    await second.reset();
    await passUntil(clock, gateway.event(0), 10);
    assert.equal((await gateway.event(0)).status, 499);
    await good.release(0);
    await good.release(1);
    for (const { response } of [first, third]) assert.equal((await response).status, 200);
    assert.equal(good.count, 2);
  });

  Deno.test(`${engine}: a client that leaves in the middle of the body has the rest cancelled`, async () => {
    await using all = await bed(engine);
    await using client = await all.gateway.connect();
    await client.send(get("x-how: stream"));
    await client.takeUntil("hello");
    await client.reset();
    await passUntil(all.clock, all.gateway.event(0), 10);
    const event = await all.gateway.event(0);
    assert.deepEqual([event.status, event.error, all.blamed], [499, "client_closed_request", []]);
    await all.origin.connections[0].ended();
    for (let i = 0; i < 2; i++) assert.equal((await askInTime(all.gateway, all.clock, get())).status, 200);
  });

  Deno.test(`${engine}: a client that leaves in the middle of its upload is nobody's fault but its own`, async () => {
    await using all = await bed(engine);
    await using client = await all.gateway.connect();
    await client.send(chunkedHead("PUT", "x-how: hang") + chunk("hello"));
    const { connection } = await all.origin.request();
    await until(() => connection.receivedText.includes("hello"));
    await leaves(client, all);
    await connection.ended();
    assert.ok(!connection.receivedText.endsWith("0\r\n\r\n"));
  });

  Deno.test(`${engine}: a client that leaves while the gateway connects is not waited for`, async () => {
    await using origin = await obedient();
    const clock = new FakeClock(), ports = new HangingPorts(9), blamed: unknown[] = [];
    await using gateway = gatewayTo(["http://127.0.0.1:9", { url: origin.url, backup: true }], clock, {
      settings: { ...TOUCHY, timeouts: { connect: "500ms" } },
      world: { connect: ports.connect },
      listen: { engine },
    });
    gateway.gateway.events.on("breaker.changed", (event) => blamed.push(event));
    await using client = await gateway.connect();
    await client.send(get());
    await until(() => ports.hanging === 1);
    await client.reset();
    await passUntil(clock, gateway.event(0), 10);
    assert.equal((await gateway.event(0)).status, 499);
    assert.deepEqual(blamed, []);
    // The place is free: the next connect fails in its time, and the request goes to the backup.
    assert.equal((await askInTime(gateway, clock, get())).status, 200);
  });
}

Deno.test("clients that come and leave by the hundred leave nothing behind", async () => {
  await using all = await bed("h1", { maxInFlight: { total: 2, perEndpoint: 2, queue: 100 } });
  for (let round = 0; round < 3; round++) {
    const clients: RawClient[] = [];
    for (let i = 0; i < 20; i++) {
      const client = await all.gateway.connect();
      await client.send(get(`x-how: ${["hang", "stream"][i % 2]}`));
      clients.push(client);
    }
    await settle();
    await Promise.all(clients.map((client) => client.reset()));
    await passUntil(all.clock, all.gateway.event(20 * (round + 1) - 1), 10);
  }
  assert.deepEqual(all.blamed, []);
  await using one = await Pending.send(all.gateway, get("x-how: hang"));
  assert.equal((await ask(all.gateway, get())).status, 200, "there are two places");
  await one.client.reset();
});

// Deno.serve tells of a body that broke off before it tells of the client: there it is a 400.
for (const engine of ["h1"] as const) {
  Deno.test(`${engine}: a client that resets its connection in the middle of an upload is a 499 too`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
    await using gateway = gatewayTo([origin.url], clock, { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT") + chunk("hello"));
    await until(() => origin.connections[0]?.receivedText.includes("hello"));
    await client.reset();
    await passUntil(clock, gateway.event(0), 10);
    const { status, error } = await gateway.event(0);
    assert.deepEqual([status, error], [499, "client_closed_request"]);
  });
}
