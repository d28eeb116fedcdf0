import { strict as assert } from "node:assert";
import type { RouteConfig } from "../../src/config/types/route.ts";
import type { UpstreamConfig } from "../../src/config/types/upstream.ts";
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
  REFUSING,
  request,
  settle,
} from "./traffic_bed.ts";

const SORRY: RouteConfig["fallback"] = {
  respond: { status: 203, headers: { "x-stale": "1" }, body: "sorry" },
};
const to = (url: string, on?: readonly ("5xx" | number)[]): RouteConfig["fallback"] => ({
  upstream: url as "http://x",
  ...on === undefined ? {} : { on },
});

const reset = () => ScriptedOrigin.start(async ({ connection }: OriginRequest) => await connection.reset());

for (const engine of ENGINES) {
  Deno.test(`${engine}: a fixed answer in place of one that does not come, for every method`, async () => {
    await using broken = await reset();
    for (const endpoint of [REFUSING, broken.url]) {
      await using gateway = gatewayTo([endpoint], new FakeClock(), { route: { fallback: SORRY }, listen: { engine } });
      for (const text of [get(), post("pay"), chunkedHead("PUT") + chunk("a") + "0\r\n\r\n"]) {
        const response = await ask(gateway, text);
        assert.deepEqual([response.status, response.text, response.header("x-stale")], [203, "sorry", "1"]);
      }
      assert.ok(gateway.completed.every(({ status }) => status === 203));
    }
  });
}

Deno.test("retries come first", async () => {
  await using broken = await reset();
  await using gateway = gatewayTo([broken.url], new FakeClock(), {
    settings: { retry: { attempts: 3 } },
    route: { fallback: SORRY },
  });
  assert.equal((await ask(gateway, get())).status, 203);
  assert.equal((await gateway.event()).attempts, 3);
});

const REFUSALS: readonly [what: string, settings: Partial<UpstreamConfig>, prepare: (times: number) => string][] = [
  ["an open breaker", { circuitBreaker: { failureThreshold: 1 }, retry: false }, () => get()],
  ["a time that is over", { timeouts: { total: "300ms" } }, () => get()],
];
for (const [what, settings, text] of REFUSALS) {
  Deno.test(`${what} is out too`, async () => {
    const clock = new FakeClock();
    await using slow = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
    const endpoint = what === "an open breaker" ? REFUSING : slow.url;
    await using gateway = gatewayTo([endpoint], clock, { settings, route: { fallback: SORRY } });
    for (let i = 0; i < 2; i++) {
      await using pending = await Pending.send(gateway, text(i));
      await passUntil(clock, pending.response, 50);
      assert.equal((await pending.response).status, 203);
    }
  });
}

Deno.test("a queue that is full is out too", async () => {
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    settings: { maxInFlight: { total: 1, queue: 0 } },
    route: { fallback: SORRY },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => origin.count === 1);
  assert.equal((await ask(gateway, get())).status, 203);
  await origin.release(0);
  assert.equal((await first.response).status, 200);
});

const ON: readonly [status: number, on: readonly ("5xx" | number)[] | undefined, out: boolean][] = [
  [500, undefined, false],
  [503, undefined, false],
  [500, ["5xx"], true],
  [404, [404], true],
  [404, ["5xx"], false],
  [503, [503], true],
];
for (const [status, on, out] of ON) {
  Deno.test(`an answer of ${status} ${out ? "is replaced" : "passes"} with on: ${on ?? "none"}`, async () => {
    await using origin = await answering(status, "own");
    await using second = await answering(200, "second");
    for (const fallback of [{ ...SORRY!, ...on === undefined ? {} : { on } }, to(second.url, on)]) {
      await using gateway = gatewayTo([origin.url], new FakeClock(), {
        settings: { retry: false },
        route: { fallback: fallback as RouteConfig["fallback"] },
      });
      const { text } = await ask(gateway, get());
      assert.equal(text !== "own", out);
    }
  });
}

Deno.test("an answer that is replaced frees its connection and place, however long it is", async () => {
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await request.hang();
  });
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    settings: { maxInFlight: { total: 1, perEndpoint: 1, queue: 0 } },
    route: { fallback: { ...SORRY!, on: ["5xx"] } as RouteConfig["fallback"] },
  });
  for (let i = 0; i < 3; i++) {
    assert.equal((await ask(gateway, get())).status, 203);
    await origin.connections[i].ended();
  }
  assert.equal(origin.requests.length, 3);
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: the second upstream gets what was never sent, of every method, with its whole body`, async () => {
    await using second = await answering(200, "second");
    await using gateway = gatewayTo([REFUSING], new FakeClock(), {
      route: { path: "/api/*rest", rewrite: "/v2/*rest", fallback: to(second.url) },
      listen: { engine },
    });
    const texts = [
      request("GET", "/api/a?x=1"),
      request("POST", "/api/a?x=1", [], "order"),
      `POST /api/a?x=1 HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n${chunk("or")}${chunk("der")}0\r\n\r\n`,
    ];
    for (const [i, text] of texts.entries()) {
      const response = await ask(gateway, text);
      assert.deepEqual([response.status, response.text], [200, "second"]);
      assert.equal(second.requests[i].target, "/v2/a?x=1");
      assert.equal(await second.requests[i].text(), i === 0 ? "" : "order");
    }
    const event = await gateway.event();
    assert.deepEqual([event.error, event.endpoint.endsWith(second.url)], ["", true]);
  });
}

Deno.test("the second upstream gets no POST that the first may have seen", async () => {
  await using broken = await reset();
  await using second = await answering(200, "second");
  for (const on of [undefined, ["5xx"]] as const) {
    await using gateway = gatewayTo([broken.url], new FakeClock(), { route: { fallback: to(second.url, on) } });
    for (
      const text of [post("pay"), chunkedHead("POST") + chunk("pay") + "0\r\n\r\n", request("PATCH", "/", [], "x")]
    ) {
      assert.equal((await ask(gateway, text)).status, 502);
    }
  }
  await using failing = await answering(500, "own");
  await using gateway = gatewayTo([failing.url], new FakeClock(), { route: { fallback: to(second.url, ["5xx"]) } });
  const response = await ask(gateway, post("pay"));
  assert.deepEqual([response.status, response.text], [500, "own"]);
  assert.equal(second.requests.length, 0);
  // With a key it may.
  assert.equal((await ask(gateway, post("pay", "idempotency-key: 7"))).text, "second");
  assert.equal(await second.requests[0].text(), "pay");
});

Deno.test("the second upstream gets a PUT again, with its whole body, and none that is too long for the buffer", async () => {
  await using failing = await answering(500, "own");
  await using second = await answering(200, "second");
  await using gateway = gatewayTo([failing.url], new FakeClock(), {
    settings: { retry: { buffer: "1KiB" } },
    route: { fallback: to(second.url, ["5xx"]) },
  });
  for (const [length, text] of [[1_000, "second"], [50_000, "own"]] as const) {
    await using client = await gateway.connect();
    await begin(gateway, client, chunkedHead("PUT"));
    await client.send(chunk("x".repeat(length / 2)));
    await client.send(chunk("x".repeat(length / 2)) + "0\r\n\r\n");
    assert.equal((await client.response("PUT")).text, text);
  }
  assert.equal((await second.requests[0].text()).length, 1_000);
  assert.equal(second.requests.length, 1);
});

Deno.test("where both are out the client is told of the second", async () => {
  await using broken = await reset();
  await using gateway = gatewayTo([broken.url], new FakeClock(), { route: { fallback: to(REFUSING) } });
  const response = await ask(gateway, get());
  assert.deepEqual([response.status, JSON.parse(response.text).code], [502, "connect_refused"]);
  await using failing = await answering(503, "second's own");
  await using other = gatewayTo([REFUSING], new FakeClock(), { route: { fallback: to(failing.url, [503]) } });
  assert.equal((await ask(other, get())).text, "second's own");
});

Deno.test("the second upstream has its own retries and limits", async () => {
  await using bad = await answering(503);
  await using good = await answering(200, "good");
  await using gateway = gatewayTo([REFUSING], new FakeClock(), {
    settings: { retry: false, maxInFlight: { total: 1, queue: 0 } },
    upstreams: { second: { endpoints: [bad.url, good.url], maxInFlight: { total: 1, queue: 0 } } },
    route: { fallback: { upstream: "second" } },
  });
  for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, get())).text, "good");
});

Deno.test("timeouts.total is for both together", async () => {
  const clock = new FakeClock();
  await using first = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
  await using second = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
  await using gateway = gatewayTo([first.url], clock, {
    settings: { timeouts: { head: "1s", total: "3s" }, retry: false },
    route: { fallback: to(second.url) },
  });
  await using pending = await Pending.send(gateway, get());
  await first.request();
  clock.advance(1_050);
  await second.request();
  clock.advance(1_850);
  await settle();
  assert.equal(pending.status, null);
  clock.advance(150);
  const response = await pending.response;
  assert.deepEqual([response.status, JSON.parse(response.text).code], [504, "deadline_exceeded"]);
  await second.connections[0].ended();
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: an upload that its client breaks is its own fault, and not fallen back for`, async () => {
    await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
    await using gateway = gatewayTo([origin.url], new FakeClock(), { route: { fallback: SORRY }, listen: { engine } });
    await using client = await gateway.connect();
    await begin(gateway, client, chunkedHead("PUT"));
    await client.send("zzz\r\n");
    await client.ended();
    assert.doesNotMatch(client.receivedText, /sorry/);
    assert.notEqual((await gateway.event()).status, 203);
  });

  Deno.test(`${engine}: a client that leaves is not fallen back for`, async () => {
    const clock = new FakeClock();
    await using first = await HoldingOrigin.start();
    await using second = await answering(200);
    await using gateway = gatewayTo([first.url], clock, { route: { fallback: to(second.url) }, listen: { engine } });
    await using client = await gateway.connect();
    await client.send(get());
    await until(() => first.count === 1);
    await client.reset();
    await passUntil(clock, gateway.event(), 10);
    assert.equal((await gateway.event()).status, 499);
    await settle();
    assert.equal(second.requests.length, 0);
  });
}

Deno.test("an answer that has begun is not replaced when it breaks off", async () => {
  await using origin = await ScriptedOrigin.start(async ({ connection }: OriginRequest) => {
    await connection.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await connection.close();
  });
  await using gateway = gatewayTo([origin.url], new FakeClock(), { route: { fallback: SORRY } });
  await assert.rejects(ask(gateway, get()));
});

Deno.test("the first upstream is asked again as soon as it is back", async () => {
  const answers = [answer(503), answer(200, "first")];
  await using origin = await ScriptedOrigin.start((request: OriginRequest) => request.send(answers.shift()!));
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    settings: { retry: false },
    route: { fallback: { ...SORRY!, on: [503] } as RouteConfig["fallback"] },
  });
  assert.equal((await ask(gateway, get())).text, "sorry");
  assert.equal((await ask(gateway, get())).text, "first");
});

Deno.test("the time that the other upstream has of its own holds as well", async () => {
  const clock = new FakeClock();
  await using other = await ScriptedOrigin.start((request: OriginRequest) => request.hang());
  await using gateway = gatewayTo([REFUSING], clock, {
    settings: { timeouts: { total: "20s" } },
    upstreams: { other: { endpoints: [other.url], timeouts: { total: "2s" } } },
    route: { fallback: { upstream: "other" } },
  });
  const response = ask(gateway, get());
  await other.request();
  const start = clock.now();
  await passUntil(clock, response, 50);
  assert.equal((await response).status, 504);
  assert.ok(clock.now() - start < 3_000, `after ${clock.now() - start} ms`);
  assert.equal((await gateway.event()).error, "deadline_exceeded");
});
