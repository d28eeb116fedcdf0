import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import {
  answering,
  ask,
  ENGINES,
  gatewayTo,
  get,
  HoldingOrigin,
  Pending,
  REFUSING,
  request,
  settle,
} from "./traffic_bed.ts";

const SWITCH = get("connection: upgrade", "upgrade: echo");
const SWITCHED = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";

Deno.test("who finds no place waits, and they come in the order in which they asked", async () => {
  const clock = new FakeClock();
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], clock, { settings: { maxInFlight: 2 } });
  await using all = new AsyncDisposableStack();
  const pending: Pending[] = [];
  for (let i = 0; i < 6; i++) {
    pending.push(all.use(await Pending.send(gateway, request("GET", `/${i}`))));
  }
  await until(() => origin.count === 2);
  for (let i = 0; i < 6; i++) {
    await origin.release(i, answer(200, `${i}`));
    assert.equal((await pending[i].response).text, `${i}`);
    await until(() => origin.count === Math.min(6, i + 3));
    await settle();
    assert.equal(origin.count, Math.min(6, i + 3), "one comes when one goes");
  }
  assert.deepEqual(origin.held.map(({ request }) => request.target), ["/0", "/1", "/2", "/3", "/4", "/5"]);
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: a queue that is full: 503 at once, with Retry-After`, async () => {
    const clock = new FakeClock();
    await using origin = await HoldingOrigin.start();
    await using gateway = gatewayTo([origin.url], clock, {
      settings: { maxInFlight: { total: 1, queue: 1, queueTimeout: "3s" } },
      listen: { engine },
    });
    await using first = await Pending.send(gateway, get());
    await until(() => origin.count === 1);
    await using second = await Pending.send(gateway, get());
    const third = await ask(gateway, get());
    assert.deepEqual([third.status, JSON.parse(third.text).code], [503, "upstream_overloaded"]);
    assert.match(third.header("retry-after") ?? "", /^\d+$/);
    assert.equal(clock.now(), 0);
    await origin.release(0);
    await origin.release(1);
    for (const { response } of [first, second]) assert.equal((await response).status, 200);
    assert.deepEqual(gateway.completed.map(({ attempts }) => attempts), [0, 1, 1]);
  });
}

Deno.test("a wait that is too long: 503, and whoever comes behind moves up", async () => {
  const clock = new FakeClock();
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { maxInFlight: { total: 1, queue: 2, queueTimeout: "3s" } },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => origin.count === 1);
  await using second = await Pending.send(gateway, get());
  clock.advance(2_000);
  await using third = await Pending.send(gateway, get());
  clock.advance(1_050);
  const late = await second.response;
  assert.deepEqual([late.status, JSON.parse(late.text).code], [503, "upstream_overloaded"]);
  assert.match(late.header("retry-after") ?? "", /^\d+$/);
  await origin.release(0);
  await origin.release(1);
  for (const { response } of [first, third]) assert.equal((await response).status, 200);
});

Deno.test("queue: 0 lets nobody wait", async () => {
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], new FakeClock(), { settings: { maxInFlight: { total: 1, queue: 0 } } });
  await using first = await Pending.send(gateway, get());
  await until(() => origin.count === 1);
  assert.equal((await ask(gateway, get())).status, 503);
  await origin.release(0);
  assert.equal((await first.response).status, 200);
  await using next = await Pending.send(gateway, get());
  await origin.release(1);
  assert.equal((await next.response).status, 200);
});

Deno.test("perEndpoint: an endpoint that is full is passed over, and all full is a queue", async () => {
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, { url: b.url, maxInFlight: 2 }], new FakeClock(), {
    settings: { maxInFlight: { perEndpoint: 1 } },
  });
  await using all = new AsyncDisposableStack();
  const pending: Pending[] = [];
  for (let i = 0; i < 5; i++) pending.push(all.use(await Pending.send(gateway, get())));
  await until(() => a.count + b.count === 3);
  await settle();
  assert.deepEqual([a.count, b.count], [1, 2]);
  await b.release(1);
  await until(() => b.count === 3);
  await settle();
  assert.deepEqual([a.count, b.count], [1, 3]);
  await a.release(0);
  await until(() => a.count === 2);
  for (const i of [0, 2]) await b.release(i);
  await a.release(1);
  for (const { response } of pending) assert.equal((await response).status, 200);
});

Deno.test("a backup does not help out where the ordinary endpoints are only busy", async () => {
  await using a = await HoldingOrigin.start();
  await using backup = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, { url: backup.url, backup: true }], new FakeClock(), {
    settings: { maxInFlight: { perEndpoint: 1 } },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await using second = await Pending.send(gateway, get());
  await settle();
  assert.equal(backup.count, 0);
  await a.release(0);
  await a.release(1);
  for (const { response } of [first, second]) assert.equal((await response).status, 200);
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: a place is taken until the body ends, however slowly the client reads`, async () => {
    let sent = 0;
    const pieces = 100, piece = new Uint8Array(1 << 17);
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      if (request.target === "/next") return await request.send(answer(200));
      await request.send(`HTTP/1.1 200 OK\r\ncontent-length: ${pieces * piece.length}\r\n\r\n`);
      for (; sent < pieces; sent++) await request.send(piece);
    }, { guardMs: 60_000 });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      settings: { maxInFlight: { total: 1, perEndpoint: 1 } },
      listen: { engine },
    });
    await using slow = await gateway.connect();
    await slow.send(get());
    const head = await slow.responseHead();
    slow.pause();
    await using next = await Pending.send(gateway, request("GET", "/next"));
    for (let before = -1; before !== sent;) {
      before = sent;
      await settle();
    }
    assert.ok(sent < pieces);
    assert.deepEqual([origin.requests.length, next.status], [1, null]);
    slow.resume();
    assert.equal((await slow.body(head)).bytes.length, pieces * piece.length);
    assert.equal((await next.response).status, 200);
  });
}

for (const how of ["client", "endpoint"] as const) {
  Deno.test(`a connection that switched protocols takes a place until it is closed, first by the ${how}`, async () => {
    await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      if (request.header("upgrade") === null) return await request.send(answer(200));
      await request.send(SWITCHED);
      await request.connection.takeUntil("ping");
      await request.send("pong");
      if (how === "endpoint") {
        await request.connection.takeUntil("end");
        await request.connection.close();
      } else await request.hang();
    });
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      settings: { maxInFlight: { total: 1, perEndpoint: 1 } },
    });
    await using client = await gateway.connect();
    await client.send(SWITCH);
    assert.equal((await client.responseHead()).status, 101);
    await client.send("ping");
    await client.takeUntil("pong");
    await using next = await Pending.send(gateway, get());
    await settle();
    assert.deepEqual([origin.requests.length, next.status], [1, null]);
    if (how === "endpoint") {
      await client.send("end");
      await client.ended();
    }
    await client.close();
    assert.equal((await next.response).status, 200);
    await gateway.event(1);
  });
}

Deno.test("nothing that goes wrong keeps a place", async () => {
  const ENDINGS: readonly ((request: OriginRequest) => Promise<void>)[] = [
    ({ connection }) => connection.reset(),
    ({ connection }) => connection.close(),
    (request) => request.send("garbage\r\n\r\n"),
    (request) => request.send(answer(503)),
    async ({ connection }) => {
      await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf");
      await connection.close();
    },
    (request) => request.send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n"),
  ];
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await ENDINGS[Number(request.header("x-how"))](request);
  });
  for (const retry of [false, {}] as const) {
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      settings: { maxInFlight: { total: 1, perEndpoint: 1, queue: 0 }, retry },
    });
    for (let round = 0; round < 2; round++) {
      for (let how = 0; how < ENDINGS.length; how++) {
        const before = origin.requests.length;
        await ask(gateway, get(`x-how: ${how}`)).catch(() => {});
        assert.ok(origin.requests.length > before, `${how} in round ${round}`);
        await until(() => gateway.completed.length === round * ENDINGS.length + how + 1);
      }
    }
  }
});

Deno.test("an endpoint that refuses connections keeps no place", async () => {
  await using gateway = gatewayTo([REFUSING], new FakeClock(), {
    settings: { maxInFlight: { total: 1, perEndpoint: 1, queue: 0 } },
  });
  for (let i = 0; i < 3; i++) assert.equal(JSON.parse((await ask(gateway, get())).text).code, "connect_refused");
});

Deno.test("a request that is tried again takes one place, not two", async () => {
  await using bad = await answering(503);
  await using good = await HoldingOrigin.start();
  await using gateway = gatewayTo([bad.url, { url: good.url, backup: true }], new FakeClock(), {
    settings: { maxInFlight: { total: 2, queue: 0 } },
  });
  await using one = await Pending.send(gateway, get());
  await using two = await Pending.send(gateway, get());
  await until(() => good.count === 2);
  await good.release(0);
  await good.release(1);
  for (const { response } of [one, two]) assert.equal((await response).status, 200);
});

Deno.test("two routes share the upstream's places", async () => {
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    settings: { maxInFlight: { total: 1, queue: 0 } },
    route: { split: { to: [{ upstream: "o", weight: 1 }, { upstream: "o", weight: 0, when: "header:x-other" }] } },
  });
  await using one = await Pending.send(gateway, get());
  await until(() => origin.count === 1);
  assert.equal((await ask(gateway, get("x-other: 1"))).status, 503);
  await origin.release(0);
  await one.response;
});
