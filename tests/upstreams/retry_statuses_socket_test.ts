import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil } from "../support/until.ts";
import { answering, ask, gatewayTo, get, Pending, post, request } from "./traffic_bed.ts";

const STATUSES: readonly [status: number, on: readonly (number | "5xx" | "reset")[] | undefined, repeated: boolean][] =
  [
    [502, undefined, true],
    [503, undefined, true],
    [504, undefined, true],
    [500, undefined, false],
    [501, undefined, false],
    [404, undefined, false],
    [429, undefined, false],
    [500, [500], true],
    [429, [429, 503], true],
    [404, [404], true],
    [500, ["5xx"], true],
    [599, ["5xx"], true],
    [499, ["5xx"], false],
    [503, ["reset"], false],
  ];

for (const [status, on, repeated] of STATUSES) {
  Deno.test(`an answer of ${status} is ${repeated ? "" : "not "}tried again with on: ${on ?? "the default"}`, async () => {
    await using first = await answering(status, "first");
    await using second = await answering(200, "second");
    await using gateway = gatewayTo([first.url, second.url], new FakeClock(), {
      settings: { retry: on === undefined ? {} : { on } },
    });
    const response = await ask(gateway, get());
    assert.deepEqual([response.status, response.text], repeated ? [200, "second"] : [status, "first"]);
    assert.equal((await gateway.event()).attempts, repeated ? 2 : 1);
  });
}

const BIG = "0123456789abcdef".repeat(8_000);
const ANSWERS: readonly [what: string, bytes: string, body: string][] = [
  ["with a short body", answer(503, "own words", "x-own: 1", "retry-after: 0"), "own words"],
  ["with a long body", answer(503, BIG, "x-own: 1"), BIG],
  [
    "in chunks",
    `HTTP/1.1 503 Busy\r\nx-own: 1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nown\r\n${
      BIG.length.toString(16)
    }\r\n${BIG}\r\n0\r\n\r\n`,
    "own" + BIG,
  ],
  ["without a body", "HTTP/1.1 503 Busy\r\nx-own: 1\r\ncontent-length: 0\r\n\r\n", ""],
];

const REFUSED: readonly [why: string, text: string, settings: Parameters<typeof gatewayTo>[2], tries: number][] = [
  ["there is no try left", get(), { settings: { retry: { attempts: 3 } } }, 3],
  ["the method is not idempotent", post("pay"), {}, 1],
  ["it is switched off", get(), { settings: { retry: false } }, 1],
  ["it is switched off for the route", get(), { route: { retry: false } }, 1],
  ["the budget is used up", get(), { settings: { retry: { budget: { ratio: 0.01, floor: 0 } } } }, 1],
];

for (const [i, [what, bytes, body]] of ANSWERS.entries()) {
  // A wait for a place in the budget takes long to turn through.
  for (const [why, text, options, tries] of i === 0 ? REFUSED : REFUSED.slice(0, -1)) {
    Deno.test(`the upstream's own answer ${what} passes when ${why}`, async () => {
      const clock = new FakeClock();
      await using origin = await ScriptedOrigin.start(bytes);
      await using gateway = gatewayTo([origin.url], clock, options);
      await using pending = await Pending.send(gateway, text);
      await passUntil(clock, pending.response, 100);
      const response = await pending.response;
      assert.deepEqual([response.status, response.header("x-own")], [503, "1"]);
      assert.equal(response.text, body);
      assert.equal(origin.requests.length, tries);
      const event = await gateway.event();
      assert.deepEqual([event.attempts, event.error], [tries, ""]);
    });
  }
}

Deno.test("of several answers it is the last one that passes", async () => {
  await using first = await answering(503, "first");
  await using second = await answering(504, "second");
  await using gateway = gatewayTo([first.url, second.url], new FakeClock());
  const response = await ask(gateway, get());
  assert.deepEqual([response.status, response.text], [504, "second"]);
  assert.deepEqual([first.requests.length, second.requests.length], [1, 1]);
});

Deno.test("an answer that is replaced frees its connection, however long its body is", async () => {
  await using bad = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await request.hang();
  });
  await using good = await answering(200, "ok");
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), {
    settings: { maxInFlight: { perEndpoint: 1, queue: 0 } },
  });
  assert.equal((await ask(gateway, get())).status, 200);
  await bad.connections[0].ended();
  // Its place is free as well: the next two are tried at both.
  assert.equal((await ask(gateway, get())).status, 200);
  assert.equal((await ask(gateway, get())).status, 200);
  assert.ok(bad.requests.length >= 2);
});

const COUNTS: readonly [attempts: number, endpoints: number][] = [[1, 3], [2, 3], [3, 3], [3, 1], [10, 1], [5, 2]];

for (const [attempts, endpoints] of COUNTS) {
  Deno.test(`attempts: ${attempts} over ${endpoints} endpoints that fail: as many tries, at as many endpoints as can be`, async () => {
    await using all = new AsyncDisposableStack();
    const origins: ScriptedOrigin[] = [];
    for (let i = 0; i < endpoints; i++) origins.push(all.use(await answering(503)));
    await using gateway = gatewayTo(origins.map(({ url }) => url), new FakeClock(), {
      settings: { retry: { attempts } },
    });
    assert.equal((await ask(gateway, get())).status, 503);
    const counts = origins.map(({ requests }) => requests.length).filter((count) => count > 0);
    assert.equal(counts.reduce((sum, count) => sum + count), attempts);
    assert.equal(counts.length, Math.min(attempts, endpoints));
    assert.equal((await gateway.event()).attempts, attempts);
  });
}

Deno.test("every further try goes to an endpoint that was not tried, whatever the balancer likes best", async () => {
  for (const balance of ["random", "least-requests", "p2c", "peak-ewma", "weighted-latency"] as const) {
    await using a = await answering(503), b = await answering(503), c = await answering(200, "ok");
    await using gateway = gatewayTo([a.url, b.url, c.url], new FakeClock(), {
      settings: { balance, retry: { attempts: 3 } },
    });
    for (let i = 0; i < 2; i++) assert.equal((await ask(gateway, get())).status, 200, balance);
  }
});

Deno.test("a HEAD is repeated, and has no body", async () => {
  await using bad = await ScriptedOrigin.start("HTTP/1.1 503 Busy\r\ncontent-length: 99\r\n\r\n");
  await using good = await ScriptedOrigin.start("HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n");
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock());
  await using client = await gateway.connect();
  const response = await client.exchange(request("HEAD", "/"));
  assert.deepEqual([response.status, response.header("content-length")], [200, "1234"]);
  assert.equal((await client.exchange(request("HEAD", "/"))).status, 200);
  assert.ok([...bad.requests, ...good.requests].every(({ method }) => method === "HEAD"));
});

Deno.test("interim answers of each try reach the client, and one final answer", async () => {
  const hint = (name: string) => `HTTP/1.1 103 Early Hints\r\nlink: </${name}>\r\n\r\n`;
  await using bad = await ScriptedOrigin.start(hint("bad") + answer(503));
  await using good = await ScriptedOrigin.start(hint("good") + answer(200));
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock());
  const response = await ask(gateway, get());
  assert.equal(response.status, 200);
  assert.deepEqual(response.interim.map((head) => head.header("link")), ["</bad>", "</good>"]);
});

/** A gateway before one endpoint that is busy for a while, then well. */
async function retryAfter(value: string, clock: FakeClock, timeouts: Record<string, `${number}s`>) {
  const origin = await ScriptedOrigin.start([answer(503, "busy", `retry-after: ${value}`), answer(200, "ok")]);
  return { origin, gateway: gatewayTo([origin.url], clock, { settings: { timeouts } }) };
}

const DATES: readonly [what: string, value: string][] = [
  ["seconds", "1"],
  ["a date", "Thu, 01 Jan 2026 00:00:01 GMT"],
];
for (const [what, value] of DATES) {
  Deno.test(`Retry-After in ${what} is waited for where there is one endpoint and time`, async () => {
    const clock = new FakeClock(), { origin, gateway } = await retryAfter(value, clock, { total: "10s" });
    await using _origin = origin, _gateway = gateway;
    await using pending = await Pending.send(gateway, get());
    await passUntil(clock, origin.request(1), 50);
    assert.ok(clock.now() >= 1_000, `after ${clock.now()} ms`);
    assert.equal((await pending.response).status, 200);
  });
}

const UNHEEDED: readonly [why: string, value: string, timeouts: Record<string, `${number}s`>][] = [
  ["comes when the time is over", "20", { total: "10s" }],
  ["comes at the very end of the time", "10", { total: "10s" }],
  ["is far off and nothing says how long the client waits", "2", {}],
];
for (const [why, value, timeouts] of UNHEEDED) {
  Deno.test(`a Retry-After that ${why} is passed on at once`, async () => {
    const clock = new FakeClock(), { origin, gateway } = await retryAfter(value, clock, timeouts);
    await using _origin = origin, _gateway = gateway;
    const response = await ask(gateway, get());
    assert.deepEqual([response.status, response.text, response.header("retry-after")], [503, "busy", value]);
    assert.equal(origin.requests.length, 1);
  });
}

for (const value of ["0", "-1", "soon", "1e3", "2, 3"]) {
  Deno.test(`a Retry-After of ${JSON.stringify(value)} asks for no wait`, async () => {
    const clock = new FakeClock(), { origin, gateway } = await retryAfter(value, clock, {});
    await using _origin = origin, _gateway = gateway;
    assert.equal((await ask(gateway, get())).status, 200);
    assert.equal(origin.requests.length, 2);
  });
}

Deno.test("Retry-After does not keep another endpoint waiting", async () => {
  await using bad = await answering(503, "", "retry-after: 100");
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), { settings: { timeouts: { total: "10s" } } });
  assert.equal((await ask(gateway, get())).status, 200);
  assert.equal((await gateway.event()).attempts, 2);
});
