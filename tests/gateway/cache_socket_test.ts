import { strict as assert } from "node:assert";
import { cache, type CacheOptions, concurrencyLimit } from "gatewright";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import {
  ask,
  type BedGateway,
  chunk,
  type Engine,
  ENGINES,
  gatewayTo,
  get,
  request,
} from "../upstreams/traffic_bed.ts";

const FRESH = "cache-control: max-age=60";
const CHUNKED = `HTTP/1.1 200 OK\r\n${FRESH}\r\ntransfer-encoding: chunked\r\n\r\n`;
const UNCACHEABLE = "HTTP/1.1 200 OK\r\ncache-control: private\r\ntransfer-encoding: chunked\r\n\r\n";

function start(
  origin: ScriptedOrigin,
  engine: Engine,
  clock = new FakeClock(),
  options: CacheOptions = {},
): BedGateway {
  return gatewayTo([origin.url], clock, {
    route: { policies: [cache(options)] },
    settings: { retry: false },
    listen: { engine },
  });
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: cache() answers with the same bytes and says how, on a connection that goes on`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start([
      answer(200, "0123456789", FRESH, 'etag: "a"', "x-a: 1", "x-a: 2", "connection: x-hop", "x-hop: 1"),
      answer(404, "never"),
    ]);
    await using gateway = start(origin, engine, clock);
    await using client = await gateway.connect();
    const first = await client.exchange(get());
    assert.equal(first.header("cache-status"), "gatewright; fwd=uri-miss; stored");
    clock.advance(7_000);
    const hit = await client.exchange(get());
    assert.deepEqual([hit.status, hit.text, hit.header("age")], [200, "0123456789", "7"]);
    assert.deepEqual([hit.header("x-a"), hit.header("x-hop"), hit.header("content-length")], ["1, 2", null, "10"]);
    assert.equal(hit.header("cache-status"), "gatewright; hit; ttl=53");
    const head = await client.exchange(request("HEAD", "/"));
    assert.deepEqual([head.status, head.header("content-length"), head.header("age")], [200, "10", "7"]);
    const same = await client.exchange(get('if-none-match: "a"'));
    assert.deepEqual([same.status, same.text, same.header("etag")], [304, "", '"a"']);
    const part = await client.exchange(get("range: bytes=2-4"));
    assert.deepEqual([part.status, part.text, part.header("content-length")], [206, "234", "3"]);
    assert.equal((await client.exchange(get("range: bytes=99-"))).status, 416);
    assert.equal((await client.exchange(get())).text, "0123456789");
    assert.equal(origin.requests.length, 1);
    await until(() => gateway.completed.length === 7);
    assert.deepEqual(gateway.completed.map((event) => event.cache), ["miss", ...Array(6).fill("hit")]);
  });

  Deno.test(`${engine}: cache() serves a kept 204 and an empty answer as they were`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(
        request.target === "/204"
          ? `HTTP/1.1 204 No Content\r\n${FRESH}\r\n\r\n`
          : `HTTP/1.1 200 OK\r\n${FRESH}\r\ncontent-length: 0\r\n\r\n`,
      );
    });
    await using gateway = start(origin, engine);
    await using client = await gateway.connect();
    for (const [path, status, length] of [["/204", 204, null], ["/", 200, "0"]] as const) {
      for (let i = 0; i < 2; i++) {
        const response = await client.exchange(request("GET", path));
        assert.deepEqual([response.status, response.header("content-length"), response.text], [status, length, ""]);
      }
    }
    assert.equal(origin.requests.length, 2);
  });

  Deno.test(`${engine}: all who ask get the one answer as it arrives, and the first of them may leave`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(CHUNKED);
      await request.send(chunk("one"));
      await go.promise;
      await request.send(chunk("two"), "0\r\n\r\n");
    });
    const go = Promise.withResolvers<void>();
    await using gateway = start(origin, engine);
    const first = await gateway.connect();
    await using second = await gateway.connect();
    await first.send(get());
    await origin.request();
    await second.send(get());
    for (const client of [first, second]) await client.takeWhen("the first chunk", (text) => text.includes("one"));
    await first.reset();
    await until(() => gateway.completed.length === 1);
    await using third = await gateway.connect();
    await third.send(get());
    await third.takeWhen("the first chunk", (text) => text.includes("one"));
    go.resolve();
    for (const client of [second, third]) {
      await client.takeWhen("the rest", (text) => /two.*\r\n0\r\n\r\n$/s.test(text));
    }
    assert.equal((await ask(gateway, get())).text, "onetwo");
    assert.equal(origin.requests.length, 1);
    await until(() => gateway.completed.length === 4);
    assert.deepEqual(gateway.completed.map((event) => event.cache).sort(), ["collapsed", "collapsed", "hit", "miss"]);
  });

  Deno.test(`${engine}: a stream that is nobody else's is given up with its client`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(UNCACHEABLE, chunk("mine"));
      await request.hang();
    });
    await using gateway = start(origin, engine);
    for (let i = 0; i < 2; i++) {
      const client = await gateway.connect();
      await client.send(get());
      await client.takeWhen("the first chunk", (text) => text.includes("mine"));
      await client.reset();
      const connection = await origin.connection(i);
      await connection.gone();
    }
  });

  Deno.test(`${engine}: an answer that breaks off reaches nobody as a whole one`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(CHUNKED, chunk("half"));
      await go.promise;
      await request.connection.reset();
    });
    const go = Promise.withResolvers<void>();
    await using gateway = start(origin, engine);
    await using first = await gateway.connect();
    await using second = await gateway.connect();
    await first.send(get());
    await origin.request();
    await second.send(get());
    for (const client of [first, second]) await client.takeWhen("the first chunk", (text) => text.includes("half"));
    go.resolve();
    for (const client of [first, second]) {
      await client.ended();
      assert.doesNotMatch(client.receivedText, /\r\n0\r\n\r\n$/);
    }
    assert.deepEqual(gateway.gateway.caches().map(({ entries }) => entries), [0]);
  });

  Deno.test(`${engine}: a body that is too large to keep arrives whole, and is asked for again`, async () => {
    const text = Array.from({ length: 300 }, (_, i) => String(i).padStart(1_000, ".")).join("");
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(CHUNKED);
      for (let at = 0; at < text.length; at += 50_000) await request.send(chunk(text.slice(at, at + 50_000)));
      await request.send("0\r\n\r\n");
    });
    await using gateway = start(origin, engine, new FakeClock(), { maxBody: "100KiB" });
    await using client = await gateway.connect();
    for (let i = 1; i <= 3; i++) {
      assert.equal((await client.exchange(get())).text === text, true);
      assert.equal(origin.requests.length, i);
    }
    assert.deepEqual(gateway.gateway.caches().map(({ entries }) => entries), [0]);
  });

  Deno.test(`${engine}: a stale answer is asked about, and stands in when the upstream is gone`, async () => {
    const clock = new FakeClock();
    await using gateway = await (async () => {
      await using origin = await ScriptedOrigin.start([
        answer(200, "kept", FRESH, 'etag: "a"'),
        `HTTP/1.1 304 Not Modified\r\n${FRESH}\r\n\r\n`,
      ]);
      const gateway = start(origin, engine, clock, { grace: "1m" });
      await ask(gateway, get());
      clock.advance(61_000);
      const again = await ask(gateway, get());
      assert.equal(again.header("cache-status"), "gatewright; fwd=stale; fwd-status=304; stored");
      assert.deepEqual([again.text, origin.requests[1].header("if-none-match")], ["kept", '"a"']);
      return gateway;
    })();
    clock.advance(61_000);
    const stale = await ask(gateway, get());
    assert.deepEqual([stale.status, stale.text, stale.header("age")], [200, "kept", "61"]);
    assert.equal((await gateway.event(2)).cache, "stale");
    clock.advance(60_000);
    assert.equal((await ask(gateway, get())).status, 502);
  });

  Deno.test(`${engine}: places behind the cache are given back, though nobody waits for what holds them`, async () => {
    const clock = new FakeClock(), private_ = answer(200, "b", "cache-control: private");
    await using origin = await ScriptedOrigin.start([
      answer(200, "a", `${FRESH}, stale-while-revalidate=60`),
      private_,
    ]);
    await using gateway = gatewayTo([origin.url], clock, {
      route: { policies: [cache(), concurrencyLimit({ max: 1 })] },
      listen: { engine },
    });
    await ask(gateway, get());
    clock.advance(61_000);
    assert.equal((await ask(gateway, get())).text, "a");
    await origin.request(1);
    await until(() => gateway.gateway.caches()[0].entries === 0);
    for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, get())).status, 200);
  });

  Deno.test(`${engine}: a stop leaves nothing of what nobody waits for, and answers who does`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (request.target === "/kept" && origin.requests.length === 1) {
        return await request.send(answer(200, "kept", `${FRESH}, stale-while-revalidate=600`));
      }
      await request.hang();
    });
    const gateway = start(origin, engine, clock);
    await ask(gateway, request("GET", "/kept"));
    clock.advance(61_000);
    assert.equal((await ask(gateway, request("GET", "/kept"))).text, "kept");
    await origin.request(1);
    const left = await gateway.connect();
    await left.send(request("GET", "/left"));
    await origin.request(2);
    await left.reset();
    await using waits = await gateway.connect();
    await waits.send(request("GET", "/waits"));
    await origin.request(3);
    await using joined = await gateway.connect();
    await joined.send(request("GET", "/waits"));
    const stopped = gateway.gateway.stop();
    await passUntil(clock, stopped, 100);
    assert.equal((await waits.response()).status, 503);
    for (let i = 0; i < origin.connections.length; i++) await origin.connections[i].gone();
    assert.equal(clock.pending, 0);
  });

  Deno.test(`${engine}: a protocol switch goes past the cache`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (request.header("upgrade") === null) return await request.send(answer(200, "plain", FRESH));
      await request.send("HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\nhello");
      await request.hang();
    });
    await using gateway = start(origin, engine);
    assert.equal((await ask(gateway, get())).text, "plain");
    if (engine === "serve") return;
    await using client = await gateway.connect();
    await client.send(get("connection: upgrade", "upgrade: echo"));
    await client.takeWhen("the other protocol", (text) => /101 Switching.*hello$/s.test(text));
  });
}

Deno.test("h1: of clients that leave before there is an answer the log says that the cache had none", async () => {
  await using origin = await ScriptedOrigin.start((request) => request.hang());
  await using gateway = start(origin, "h1");
  const [first, second] = [await gateway.connect(), await gateway.connect()];
  await first.send(get());
  await origin.request();
  await second.send(get());
  await until(() => gateway.arrivals.count === 2);
  for (const client of [first, second]) await client.reset();
  await until(() => gateway.completed.length === 2);
  assert.deepEqual(gateway.completed.map(({ cache, error }) => [cache, error]), [
    ["miss", "client_closed_request"],
    ["miss", "client_closed_request"],
  ]);
});

Deno.test("h1: interim answers and trailers of the one answer reach the client that asked first", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n");
    await go.promise;
    await request.send(CHUNKED, chunk("all"), "0\r\nx-sum: 1\r\n\r\n");
  });
  const go = Promise.withResolvers<void>();
  await using gateway = start(origin, "h1");
  await using first = await gateway.connect();
  await using second = await gateway.connect();
  await first.send(get("te: trailers", "connection: te"));
  await first.takeWhen("103", (text) => text.includes("103 Early Hints"));
  await second.send(get("te: trailers", "connection: te"));
  await until(() => gateway.arrivals.count === 2);
  go.resolve();
  const one = await first.response(), other = await second.response();
  assert.deepEqual([one.text, other.text, other.interim.length], ["all", "all", 0]);
  assert.deepEqual(one.trailers, other.trailers);
  assert.match(JSON.stringify(one.trailers), /x-sum/);
  assert.equal(origin.requests[0].header("te"), "trailers");
  assert.match(JSON.stringify((await ask(gateway, get())).trailers), /^(?:\[\]|null|\{\})$/);
});
