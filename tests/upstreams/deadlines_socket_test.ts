import { strict as assert } from "node:assert";
import type { UpstreamConfig } from "../../src/config/types/upstream.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import {
  answering,
  ask,
  chunk,
  chunkedHead,
  ENGINES,
  gatewayTo,
  get,
  HangingPorts,
  HoldingOrigin,
  Pending,
  post,
  request,
  settle,
} from "./traffic_bed.ts";

const hanging = () => ScriptedOrigin.start((request: OriginRequest) => request.hang());

/** So much time passes, and everything that comes of it arrives. */
async function passes(clock: FakeClock, ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}

Deno.test("timeouts.attempt ends a try: it is cancelled, and the next endpoint is asked", async () => {
  const clock = new FakeClock();
  await using slow = await hanging();
  await using good = await answering(200, "ok");
  await using gateway = gatewayTo([slow.url, good.url], clock, { settings: { timeouts: { attempt: "1s" } } });
  await using pending = await Pending.send(gateway, get());
  await slow.request();
  await passes(clock, 950);
  assert.equal(good.requests.length, 0);
  clock.advance(100);
  assert.equal((await pending.response).status, 200);
  await slow.connections[0].ended();
  assert.equal((await gateway.event()).attempts, 2);
});

const LAST: readonly [why: string, text: string, settings: Partial<UpstreamConfig>, tries: number][] = [
  ["without another try", get(), { retry: false }, 1],
  ["of the last try", get(), { retry: { attempts: 3 } }, 3],
  ["of a POST", post("pay"), {}, 1],
];
for (const [why, text, settings, tries] of LAST) {
  Deno.test(`timeouts.attempt ${why}: 504 upstream_timeout`, async () => {
    const clock = new FakeClock();
    await using slow = await hanging();
    await using gateway = gatewayTo([slow.url], clock, { settings: { timeouts: { attempt: "1s" }, ...settings } });
    await using pending = await Pending.send(gateway, text);
    for (let tried = 1; tried <= tries; tried++) {
      await until(() => slow.requests.length === tried);
      await passes(clock, 1_050);
    }
    const response = await pending.response;
    assert.deepEqual([response.status, JSON.parse(response.text).code], [504, "upstream_timeout"]);
    assert.equal(slow.requests.length, tries);
  });
}

for (const [what, text] of [["a GET", get()], ["a POST", post("pay")]] as const) {
  Deno.test(`timeouts.attempt while connecting: ${what} goes to another endpoint, for nothing was sent`, async () => {
    const clock = new FakeClock(), ports = new HangingPorts(9);
    await using good = await answering(200, "ok");
    await using gateway = gatewayTo(["http://127.0.0.1:9", good.url], clock, {
      settings: { timeouts: { connect: "60s", attempt: "1s" } },
      world: { connect: ports.connect },
    });
    await using pending = await Pending.send(gateway, text);
    await until(() => ports.hanging === 1);
    await passes(clock, 1_050);
    assert.equal((await pending.response).status, 200);
    assert.equal((await gateway.event()).attempts, 2);
  });
}

Deno.test("timeouts.connect bounds a connect, of a POST too", async () => {
  const clock = new FakeClock(), ports = new HangingPorts(9);
  await using good = await answering(200, "ok");
  await using gateway = gatewayTo(["http://127.0.0.1:9", good.url], clock, {
    settings: { timeouts: { connect: "1s" } },
    world: { connect: ports.connect },
  });
  await using pending = await Pending.send(gateway, post("pay"));
  await until(() => ports.hanging === 1);
  await passes(clock, 1_050);
  assert.equal((await pending.response).status, 200);
  assert.equal(ports.hanging, 0);
});

Deno.test("timeouts.attempt ends with the head: a body may take longer", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await go.promise;
    await request.send("0\r\n\r\n");
  });
  await using gateway = gatewayTo([origin.url], clock, { settings: { timeouts: { attempt: "1s" } } });
  await using pending = await Pending.send(gateway, get());
  await until(() => pending.client.receivedText.includes("hello"));
  await passes(clock, 5_000);
  go.resolve();
  assert.equal((await pending.response).text, "hello");
});

Deno.test("the time for the whole passes over several tries: 504 deadline_exceeded, and nothing goes on", async () => {
  const clock = new FakeClock();
  await using slow = await hanging();
  await using gateway = gatewayTo([slow.url], clock, {
    settings: { timeouts: { attempt: "1s", deadlineHeader: "x-wait" }, retry: { attempts: 5 } },
  });
  await using pending = await Pending.send(gateway, get("x-wait: 2500ms"));
  for (let tried = 1; tried <= 3; tried++) {
    await until(() => slow.requests.length === tried);
    assert.equal(pending.status, null);
    await passes(clock, 1_000);
  }
  const response = await pending.response;
  assert.deepEqual([response.status, JSON.parse(response.text).code], [504, "deadline_exceeded"]);
  await passes(clock, 1_000);
  assert.equal(slow.requests.length, 3);
  for (const connection of slow.connections) await connection.ended();
});

Deno.test("timeouts.total in the middle of a try: 504 deadline_exceeded, the try is cancelled", async () => {
  const clock = new FakeClock();
  await using slow = await hanging();
  await using gateway = gatewayTo([slow.url], clock, { settings: { timeouts: { total: "2s" } } });
  await using pending = await Pending.send(gateway, get());
  await slow.request(0);
  await passes(clock, 1_950);
  assert.equal(pending.status, null);
  await passes(clock, 100);
  const response = await pending.response;
  assert.deepEqual([response.status, JSON.parse(response.text).code], [504, "deadline_exceeded"]);
  await slow.connections[0].ended();
  assert.equal((await gateway.event()).error, "deadline_exceeded");
  await passes(clock, 1_000);
  assert.equal(slow.requests.length, 1);
});

Deno.test("timeouts.total while connecting: 504 deadline_exceeded", async () => {
  const clock = new FakeClock(), ports = new HangingPorts(9);
  await using gateway = gatewayTo(["http://127.0.0.1:9"], clock, {
    settings: { timeouts: { connect: "5s", total: "1s" } },
    world: { connect: ports.connect },
  });
  await using pending = await Pending.send(gateway, get());
  await until(() => ports.hanging === 1);
  await passes(clock, 1_050);
  assert.equal(JSON.parse((await pending.response).text).code, "deadline_exceeded");
});

Deno.test("timeouts.total in a queue: 504 deadline_exceeded, and the place in it is free", async () => {
  const clock = new FakeClock();
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { maxInFlight: { total: 1, queue: 1, queueTimeout: "60s" }, timeouts: { deadlineHeader: "x-wait" } },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => origin.count === 1);
  await using second = await Pending.send(gateway, get("x-wait: 1"));
  await passes(clock, 1_050);
  assert.equal(JSON.parse((await second.response).text).code, "deadline_exceeded");
  await using third = await Pending.send(gateway, get());
  await settle();
  await origin.release(0);
  await origin.release(1);
  for (const { response } of [first, third]) assert.equal((await response).status, 200);
});

const FRAMINGS: readonly [what: string, head: string, piece: string][] = [
  ["with a length", "content-length: 100", "hello"],
  ["in chunks", "transfer-encoding: chunked", chunk("hello")],
  ["that ends with the connection", "connection: close", "hello"],
];
for (const engine of ENGINES) {
  for (const [what, head, piece] of FRAMINGS) {
    Deno.test(`${engine}: timeouts.total in the middle of a body ${what}: it is broken off, never whole`, async () => {
      const clock = new FakeClock();
      await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
        await request.send(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${piece}`);
        await request.hang();
      });
      await using gateway = gatewayTo([origin.url], clock, {
        settings: { timeouts: { total: "2s" } },
        listen: { engine },
      });
      await using client = await gateway.connect();
      await client.send(get());
      await client.takeUntil("hello");
      await passes(clock, 1_900);
      assert.equal(client.ending, null);
      clock.advance(150);
      await client.ended();
      assert.doesNotMatch(client.receivedText, /\r\n0\r\n\r\n$/);
      assert.equal((await gateway.event()).error, "upstream_body_timeout");
      await origin.connections[0].ended();
    });
  }
}

Deno.test("timeouts.total cuts an upload off that does not end", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  await using gateway = gatewayTo([origin.url], clock, { settings: { timeouts: { total: "2s" } } });
  await using client = await gateway.connect();
  await client.send(chunkedHead("PUT") + chunk("hello"));
  await until(() => origin.connections[0]?.receivedText.includes("hello"));
  await passes(clock, 2_050);
  const response = await client.response("PUT");
  assert.deepEqual([response.status, JSON.parse(response.text).code], [504, "deadline_exceeded"]);
  await origin.connections[0].ended();
  assert.doesNotMatch(origin.connections[0].receivedText, /0\r\n\r\n$/);
});

Deno.test("what a route says of its time counts for the route", async () => {
  const clock = new FakeClock();
  await using slow = await hanging();
  await using gateway = gatewayTo([slow.url], clock, {
    settings: { timeouts: { total: "1s", head: "20s" }, retry: false },
    route: { timeouts: { total: false, attempt: "5s" } },
  });
  await using pending = await Pending.send(gateway, get());
  await slow.request();
  await passes(clock, 4_900);
  assert.equal(pending.status, null);
  await passes(clock, 200);
  assert.equal(JSON.parse((await pending.response).text).code, "upstream_timeout");
});

Deno.test("head and idle bound what attempt and total do not", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    if (request.target === "/head") return await request.hang();
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await request.hang();
  });
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { timeouts: { head: "1s", idle: "1s" }, retry: false },
  });
  await using head = await Pending.send(gateway, request("GET", "/head"));
  await origin.request(0);
  await passes(clock, 1_050);
  assert.equal((await head.response).status, 504);
  await using client = await gateway.connect();
  await client.send(get());
  await client.takeUntil("hello");
  await passUntil(clock, client.ended(), 100);
  assert.equal((await gateway.event(1)).error, "upstream_body_timeout");
});

Deno.test("a try that was given up leaves nothing to the next request on its connection", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    if (request.index === 0 && request.connection.index === 0) await request.hang();
    else await request.send(answer(200, request.target));
  });
  await using gateway = gatewayTo([origin.url], clock, { settings: { timeouts: { attempt: "1s" } } });
  await using pending = await Pending.send(gateway, request("GET", "/a"));
  await origin.request();
  await passes(clock, 1_050);
  assert.equal((await pending.response).text, "/a");
  assert.equal((await ask(gateway, request("GET", "/b"))).text, "/b");
});
