import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import {
  answering,
  ask,
  begin,
  chunk,
  chunkedHead,
  ENGINES,
  gatewayTo,
  get,
  HoldingOrigin,
  Pending,
  post,
  request,
  settle,
} from "./traffic_bed.ts";

for (const engine of ENGINES) {
  Deno.test(`${engine}: a mirror gets method, path, query, fields and body; the client hears nothing of it`, async () => {
    await using origin = await answering(200, "real");
    await using shadow = await answering(500, "shadow", "x-shadow: 1");
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { path: "/api/*rest", rewrite: "/v2/*rest", mirror: { upstream: shadow.url as "http://x" } },
      listen: { engine },
    });
    for (
      const text of [
        request("GET", "/api/users?id=7", ["x-color: blue", "cookie: a=1"]),
        request("POST", "/api/users", ["x-color: blue"], "hello"),
        request("DELETE", "/api/users/7"),
      ]
    ) {
      const before = shadow.requests.length;
      const response = await ask(gateway, text);
      assert.deepEqual([response.status, response.text, response.header("x-shadow")], [200, "real", null]);
      await until(() => shadow.requests.length === before + 1);
      const copy = shadow.requests[before], real = origin.requests[before];
      assert.deepEqual([copy.method, copy.target], [real.method, real.target]);
      assert.deepEqual(copy.head.headers, real.head.headers);
      assert.equal(await copy.text(), await real.text());
    }
    assert.ok(gateway.completed.every(({ error, attempts }) => error === "" && attempts === 1));
    assert.equal(gateway.completed.length, 3);
  });

  Deno.test(`${engine}: a body in pieces is copied when it is whole`, async () => {
    await using origin = await answering(200, "real");
    await using shadow = await answering(200);
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      route: { mirror: { upstream: shadow.url as "http://x" } },
      listen: { engine },
    });
    for (const method of ["PUT", "POST"]) {
      const before = shadow.requests.length;
      await using client = await gateway.connect();
      await client.send(chunkedHead(method) + chunk("one"));
      await origin.request(before);
      await settle();
      assert.equal(shadow.requests.length, before);
      await client.send(chunk("two") + "0\r\n\r\n");
      assert.equal((await client.response(method)).text, "real");
      await until(() => shadow.requests.length === before + 1);
      assert.equal(await shadow.requests[before].text(), "onetwo");
      // And with a length, behind its head.
      await begin(gateway, client, request(method, "/", ["content-length: 6"]));
      await client.sendPieces(["one", "two"]);
      assert.equal((await client.response(method)).text, "real");
      await until(() => shadow.requests.length === before + 2);
      assert.equal(await shadow.requests[before + 1].text(), "onetwo");
    }
  });
}

Deno.test("a body that is longer than the mirror's buffer is not copied, and arrives all the same", async () => {
  await using origin = await answering(200, "real");
  await using shadow = await answering(200);
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    route: { mirror: { upstream: shadow.url as "http://x", buffer: "1KiB" } },
  });
  for (const length of [1024, 1025, 60_000, 1024]) {
    assert.equal((await ask(gateway, post("x".repeat(length)))).text, "real");
    assert.equal((await origin.requests.at(-1)!.text()).length, length);
  }
  // Nor is one that arrives in pieces, though retries would keep more of it.
  for (const length of [1024, 1025]) {
    await using client = await gateway.connect();
    await begin(gateway, client, chunkedHead("PUT"));
    await client.send(chunk("x".repeat(length)) + "0\r\n\r\n");
    assert.equal((await client.response("PUT")).text, "real");
  }
  await until(() => shadow.requests.length === 3);
  await settle();
  for (const copy of shadow.requests) assert.equal((await copy.text()).length, 1024);
  assert.equal(shadow.requests.length, 3);
});

Deno.test("an upload that breaks off is not copied", async () => {
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  await using shadow = await answering(200);
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    route: { mirror: { upstream: shadow.url as "http://x" } },
  });
  {
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT") + chunk("one"));
    await until(() => origin.connections[0]?.receivedText.includes("one"));
  }
  await gateway.event();
  await settle();
  assert.equal(shadow.connections.length, 0);
});

Deno.test("no more copies than maxInFlight are under way; those beyond are not made later", async () => {
  await using origin = await answering(200, "real");
  await using shadow = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    route: { mirror: { upstream: shadow.url as "http://x", maxInFlight: 2 } },
  });
  for (let i = 0; i < 6; i++) assert.equal((await ask(gateway, get())).text, "real");
  await settle();
  assert.equal(shadow.count, 2);
  await shadow.release(0);
  await settle();
  assert.equal(shadow.count, 2);
  await ask(gateway, get());
  await until(() => shadow.count === 3);
  await shadow.release(1);
  await shadow.release(2);
});

Deno.test("bodies that arrive together make no more copies than maxInFlight", async () => {
  await using origin = await answering(200, "real");
  await using shadow = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    route: { mirror: { upstream: shadow.url as "http://x", maxInFlight: 2 } },
  });
  await using all = new AsyncDisposableStack();
  const pending: Pending[] = [];
  for (let i = 0; i < 5; i++) pending.push(all.use(await Pending.send(gateway, chunkedHead("PUT") + chunk("a"))));
  await until(() => origin.requests.length === 5);
  for (const { client } of pending) await client.send("0\r\n\r\n");
  for (const { response } of pending) assert.equal((await response).text, "real");
  await settle();
  assert.equal(shadow.count, 2);
  for (let i = 0; i < 2; i++) await shadow.release(i);
});

Deno.test("a share of the requests is copied", async () => {
  await using origin = await answering(200);
  await using shadow = await answering(200);
  const numbers = [0.24, 0.25, 0.9, 0, 0.2499, 0.5];
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    route: { mirror: { upstream: shadow.url as "http://x", share: 0.25 } },
    world: { random: () => numbers.shift() ?? 0.99 },
  });
  for (let i = 0; i < 6; i++) await ask(gateway, request("GET", `/${i}`));
  await until(() => shadow.requests.length === 3);
  await settle();
  assert.deepEqual(shadow.requests.map(({ target }) => target).sort(), ["/0", "/3", "/4"]);
});

Deno.test("a retried request is copied once, and a copy is not retried", async () => {
  await using bad = await answering(503);
  await using good = await answering(200, "real");
  await using shadow = await answering(503);
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), {
    route: { mirror: { upstream: shadow.url as "http://x" } },
  });
  await using client = await gateway.connect();
  await client.send(chunkedHead("PUT") + chunk("a"));
  await bad.request();
  await client.send(chunk("b") + "0\r\n\r\n");
  assert.equal((await client.response("PUT")).text, "real");
  await until(() => shadow.requests.length === 1);
  await settle();
  assert.equal(shadow.requests.length, 1);
  for (const origin of [bad, good, shadow]) assert.equal(await origin.requests[0].text(), "ab");
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: a client that leaves leaves the copy alone`, async () => {
    const clock = new FakeClock();
    await using origin = await HoldingOrigin.start();
    await using shadow = await HoldingOrigin.start();
    await using gateway = gatewayTo([origin.url], clock, {
      route: { mirror: { upstream: shadow.url as "http://x" } },
      listen: { engine },
    });
    await using client = await gateway.connect();
    await client.send(get());
    await until(() => origin.count === 1 && shadow.count === 1);
    await client.reset();
    await passUntil(clock, gateway.event(), 10);
    await origin.held[0].request.connection.ended();
    await settle();
    assert.equal(shadow.held[0].request.connection.ending, null);
    await shadow.release(0);
    await settle();
    assert.equal(shadow.held[0].request.connection.ending, null);
  });
}

Deno.test("a request to switch protocols is not copied", async () => {
  await using origin = await ScriptedOrigin.start((request: OriginRequest) => request.send(answer(200, "real")));
  await using shadow = await answering(200);
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    route: { mirror: { upstream: shadow.url as "http://x" } },
  });
  assert.equal((await ask(gateway, get("connection: upgrade", "upgrade: echo"))).text, "real");
  await settle();
  assert.equal(shadow.connections.length, 0);
});
