import { strict as assert } from "node:assert";
import type { BuildEnv } from "../../../src/core/build_env.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import type { Random } from "../../../src/core/random.ts";
import { Reply } from "../../../src/core/reply.ts";
import { loadShed, loadShedDefinition, type LoadShedOptions } from "../../../src/policies/traffic/load_shed.ts";
import { loadShedSchema } from "../../../src/policies/traffic/load_shed_schema.ts";
import { delayPressure, PRIORITIES, shedShare } from "../../../src/policies/traffic/overload/priority.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readText, type TestEnv } from "../../support/exchange.ts";
import { LOOK_EVERY } from "../../../src/policies/traffic/overload/event_loop_delay.ts";
import { seededRandom } from "../../upstreams/balancers/seeded_random.ts";
import { LateClock } from "./overload/late_clock.ts";

function envOf(random: Random = () => assert.fail("nothing is left to chance")): TestEnv {
  return { ...makeEnv(), random };
}

function build(options: LoadShedOptions, env: BuildEnv): Handler {
  const target: Handler = () => new Reply(200, HeaderList.of(), null);
  return loadShedDefinition.build(loadShedSchema.parse(options), env, "a/loadShed")(target);
}

/** One request. What it came to, and how it ends. */
function ask(handler: Handler, options: ExchangeOptions = {}) {
  const exchange = makeExchange(options), reply = handler(exchange);
  assert.ok(reply instanceof Reply, "nothing waits");
  return { exchange, reply, status: reply.status };
}

Deno.test("as pressure rises, all of a priority are shed before any of the next", () => {
  for (let pressure = 0; pressure < 2.2; pressure += 0.01) {
    const shares = PRIORITIES.map((priority) => shedShare(priority, pressure));
    for (let i = 1; i < shares.length; i++) {
      assert.ok(shares[i - 1] === 0 || shares[i] === 1, `${PRIORITIES[i]} passes at ${pressure}`);
    }
  }
  const cases: [pressure: number, shares: number[]][] = [
    [0, [0, 0, 0, 0]],
    [0.6, [0, 0, 0, 0]],
    [0.7, [0, 0, 0, 0.5]],
    [0.8, [0, 0, 0, 1]],
    [0.9, [0, 0, 0.5, 1]],
    [1, [0, 0, 1, 1]],
    [1.1, [0, 0.5, 1, 1]],
    [1.2, [0, 1, 1, 1]],
    [1.8, [0, 1, 1, 1]],
    [2, [1, 1, 1, 1]],
    [Infinity, [1, 1, 1, 1]],
  ];
  for (const [pressure, shares] of cases) {
    const seen = PRIORITIES.map((priority) => Number(shedShare(priority, pressure).toFixed(6)));
    assert.deepEqual(seen, shares, `at ${pressure}`);
  }
});

Deno.test("each doubling of the event loop's delay leads one priority further", () => {
  const cases: [ms: number, pressure: number][] = [[0, -Infinity], [50, 0.6], [100, 0.8], [200, 1], [400, 1.2], [
    6_400,
    2,
  ]];
  for (const [ms, pressure] of cases) assert.equal(Number(delayPressure(ms, 100).toFixed(6)), pressure, `${ms} ms`);
});

Deno.test("loadShed() sheds by the requests under way, up to maxInFlight of the normal ones", () => {
  const handler = build({ maxEventLoopDelay: false, maxInFlight: 10 }, envOf(() => 0.999));
  const asked = Array.from({ length: 12 }, () => ask(handler));
  assert.deepEqual(asked.map(({ status }) => status), [...Array(10).fill(200), 503, 503]);
  asked[0].exchange.end();
  assert.equal(ask(handler).status, 200);
  assert.equal(ask(handler).status, 503);
  asked[1].exchange.abort();
  asked[1].exchange.end();
  assert.equal(ask(handler).status, 200);
  assert.equal(ask(handler).status, 503);
});

Deno.test("loadShed() refuses with 503, Retry-After and a problem document", async () => {
  const handler = build({ maxEventLoopDelay: false, maxInFlight: 1 }, envOf());
  ask(handler);
  const { reply, exchange } = ask(handler);
  assert.deepEqual([reply.status, reply.header("retry-after")], [503, "1"]);
  assert.equal(reply.header("content-type"), "application/problem+json");
  const { code, requestId } = JSON.parse(await readText(reply.body));
  assert.deepEqual([code, requestId, exchange.error], ["overloaded", "req-1", "overloaded"]);
});

Deno.test("loadShed() keeps more and more room for those who count more", () => {
  const counts = PRIORITIES.map((priority) => {
    const env = envOf(() => 0), handler = build({ maxEventLoopDelay: false, maxInFlight: 100, priority }, env);
    let admitted = 0;
    while (admitted < 1_000 && ask(handler).status === 200) admitted++;
    return admitted;
  });
  // Chance says no as soon as there is one: each is shed from the beginning of its ramp on.
  assert.deepEqual(counts, [181, 101, 81, 61]);
});

Deno.test("loadShed() sheds the share of requests that the pressure says", () => {
  const grid = Array.from({ length: 1_000 }, (_, i) => i / 1_000), points = grid.slice();
  const handler = build({ maxEventLoopDelay: false, maxInFlight: 10 }, envOf(() => points.shift()!));
  for (let i = 0; i < 9; i++) ask(handler);
  points.splice(0, points.length, ...grid);
  let shed = 0;
  for (let i = 0; i < 1_000; i++) {
    const { status, exchange } = ask(handler);
    exchange.end();
    if (status === 503) shed++;
  }
  assert.equal(shed, 500, "nine of ten are under way");
});

Deno.test("loadShed() on several routes counts together, each by its own priority", () => {
  const env = envOf(() => 0);
  const low = build({ maxEventLoopDelay: false, maxInFlight: 10, priority: "low" }, env);
  const high = build({ maxEventLoopDelay: false, maxInFlight: 10, priority: "high" }, env);
  const unbounded = build({}, env);
  for (let i = 0; i < 20; i++) assert.equal(ask(unbounded).status, 200, "those without the setting do not count");
  for (let i = 0; i < 7; i++) assert.equal(ask(high).status, 200);
  assert.deepEqual([ask(low).status, ask(high).status], [503, 200]);
});

Deno.test("loadShed() reads priorities by key: the value to the letter, else otherwise", () => {
  const is = { gold: "critical", "/b": "low", no: "high" } as const;
  const cases: [options: LoadShedOptions["priority"], request: ExchangeOptions, admitted: boolean][] = [
    [{ by: "header:x-plan", is }, { headers: [["x-plan", "gold"]] }, true],
    [{ by: "header:x-plan", is }, { headers: [["x-plan", "Gold"]] }, false],
    [{ by: "header:x-plan", is }, { headers: [] }, false],
    [{ by: "header:x-plan", is }, { headers: [["x-plan", "toString"]] }, false],
    [{ by: "header:x-plan", is, otherwise: "high" }, { headers: [] }, true],
    [{ by: "header:x-plan", is, otherwise: "high" }, { headers: [["x-plan", "none"]] }, true],
    [{ by: "route", is, otherwise: "high" }, { route: "/b" }, false],
    [{ by: "route", is, otherwise: "high" }, { route: "/c" }, true],
  ];
  for (const [priority, request, admitted] of cases) {
    const env = envOf(() => 0), fill = build({ maxEventLoopDelay: false, maxInFlight: 10, priority: "critical" }, env);
    for (let i = 0; i < 9; i++) ask(fill);
    const handler = build({ maxEventLoopDelay: false, maxInFlight: 10, priority }, env);
    assert.equal(ask(handler, request).status, admitted ? 200 : 503, JSON.stringify([priority, request]));
  }
});

Deno.test("loadShed() sheds by the event loop's delay: all normal ones at twice the bound, none below, or soon after", () => {
  const clock = new LateClock(), handler = build({ maxEventLoopDelay: "100ms" }, { ...envOf(() => 0.999), clock });
  assert.equal(ask(handler).status, 200);
  for (let i = 0; i < 40; i++) clock.look(99);
  assert.equal(ask(handler).status, 200);
  for (let i = 0; i < 40; i++) clock.look(201);
  assert.equal(ask(handler).status, 503);
  for (let i = 0; i < 6; i++) clock.look(0);
  assert.equal(ask(handler).status, 200);
});

Deno.test("loadShed() goes by whichever pressure is greater", () => {
  const clock = new LateClock(), env = { ...envOf(() => 0), clock };
  const handler = build({ maxEventLoopDelay: "100ms", maxInFlight: 2, priority: "high" }, env);
  assert.deepEqual([ask(handler), ask(handler), ask(handler)].map(({ status }) => status), [200, 200, 200]);
  assert.equal(ask(handler).status, 503, "three of two are under way");
  const idle = build({ maxEventLoopDelay: "100ms", priority: "high" }, env);
  assert.equal(ask(idle).status, 200);
  for (let i = 0; i < 40; i++) clock.look(250);
  assert.equal(ask(idle).status, 503);
});

Deno.test("loadShed() watches the event loop once for all, and only where it matters", () => {
  const env = envOf();
  build({ maxEventLoopDelay: false, maxInFlight: 1 }, env);
  assert.equal(env.clock.pending, 0);
  build({}, env);
  build({ maxEventLoopDelay: "1s" }, env);
  assert.equal(env.clock.pending, 1);
});

Deno.test("loadShed() under more load than an event loop can take settles, and does not flap", () => {
  for (const perMs of [1.2, 2, 3]) {
    const settled = admittedPerSecond(perMs).slice(10);
    for (const count of settled) assert.ok(count > 850 && count < 1_150, `${perMs} a millisecond: ${settled}`);
  }
});

/** An event loop that takes a millisecond for a request and next to nothing for a refusal, when so many come in each. */
function admittedPerSecond(perMs: number): number[] {
  const clock = new LateClock(), handler = build({}, { ...makeEnv(), clock, random: seededRandom(1) });
  let late = 0;
  return Array.from({ length: 40 }, () => {
    let passed = 0, admitted = 0;
    while (passed < 1_000) {
      clock.look(late);
      const elapsed = LOOK_EVERY + late;
      let work = 0;
      // A turn takes as long as what has come in during the last one; the timer is late by what is beyond its time.
      for (let i = 0; i < elapsed * perMs; i++) {
        const taken = ask(handler).status === 200;
        work += taken ? 1 : 0.01;
        if (taken) admitted++;
      }
      late = Math.min(5_000, Math.max(0, work - LOOK_EVERY));
      passed += elapsed;
    }
    return Math.round(admitted * 1_000 / passed);
  });
}

Deno.test("loadShed() records a frozen value, and needs the fact that priorities go by", () => {
  const policy = loadShed({ maxInFlight: 5, priority: { by: "jwt:plan", is: { pro: "high" } } });
  assert.ok(Object.isFrozen(policy));
  assert.equal(definitionOf(policy), loadShedDefinition);
  assert.deepEqual(loadShedDefinition.facts!(loadShedSchema.parse(policy.options)), { needs: ["jwt:plan"] });
  assert.deepEqual(loadShedDefinition.facts!(loadShedSchema.parse(loadShed().options)), {});
});

Deno.test("loadShed() says in words what it does", () => {
  const cases: [LoadShedOptions, string][] = [
    [{}, "loadShed: event loop 100ms late, normal priority"],
    [{ maxInFlight: 500, priority: "low" }, "loadShed: event loop 100ms late or 500 under way, low priority"],
    [
      { maxEventLoopDelay: false, maxInFlight: 5, priority: { by: "route", is: { a: "low" } } },
      "loadShed: 5 under way, priority by route",
    ],
  ];
  for (const [options, text] of cases) assert.equal(loadShedDefinition.describe!(loadShedSchema.parse(options)), text);
});

Deno.test("loadShed() warns of what every client can write to be hardly ever shed", () => {
  const warned = (options: LoadShedOptions) =>
    loadShedDefinition.warnings!(loadShedSchema.parse(options)).map(({ at }) => at.join("."));
  assert.deepEqual(warned({ priority: { by: "header:x-p", is: { a: "critical", b: "high" } } }), ["priority.is.a"]);
  assert.deepEqual(warned({ priority: { by: "consumer", is: { a: "critical" } } }), []);
  assert.deepEqual(warned({ priority: "critical" }), []);
});
