import { strict as assert } from "node:assert";
import type { Knob } from "../../src/core/build_env.ts";
import { buildBreaker } from "../../src/upstreams/breaker/build_breaker.ts";
import { RESET } from "../../src/upstreams/outcome_set.ts";
import { makeEnv } from "../support/exchange.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import { answering, ask, askInTime, gatewayTo, get, HoldingOrigin, Pending, REFUSING } from "./traffic_bed.ts";

Deno.test("a report says what each endpoint does, what it is kept from, and since when", async () => {
  const clock = new FakeClock();
  await using held = await HoldingOrigin.start();
  await using broken = await answering(500);
  await using gateway = gatewayTo(
    [held.url, { url: broken.url, weight: 2 }, { url: REFUSING, backup: true, maxInFlight: 7 }],
    clock,
    {
      settings: {
        maxInFlight: { total: 9, perEndpoint: 1 },
        circuitBreaker: { failureThreshold: 1, failures: [500], openFor: "30s", jitter: 0 },
        outliers: { consecutiveGatewayErrors: 3 },
      },
    },
  );
  assert.equal((await ask(gateway, get())).status, 500);
  await using _pending = await Pending.send(gateway, get());
  await until(() => held.count === 1);
  const [report] = gateway.gateway.upstreams();
  assert.deepEqual({ ...report, endpoints: [] }, {
    name: "o",
    required: false,
    balance: "round-robin",
    inFlight: 1,
    maxInFlight: 9,
    waiting: 0,
    retries: { sent: 0, inBudget: 0, refused: 0 },
    breaker: null,
    dns: null,
    endpoints: [],
  });
  const closed = { state: "closed", opensFor: 0 };
  const calm = { ejected: false, until: null, why: "", ejections: 0 };
  assert.deepEqual(report.endpoints.map(({ latency: _l, peakLatency: _p, results: _r, ...rest }) => rest), [
    {
      id: `o/${held.url}`,
      url: held.url,
      tier: 0,
      weight: 1,
      configuredWeight: 1,
      withheld: "busy",
      inFlight: 1,
      maxInFlight: 1,
      errorRate: 0,
      attempts: 0,
      failures: 0,
      health: null,
      breaker: closed,
      ejection: calm,
    },
    {
      id: `o/${broken.url}`,
      url: broken.url,
      tier: 0,
      weight: 2,
      configuredWeight: 2,
      withheld: "circuit open",
      inFlight: 0,
      maxInFlight: 1,
      errorRate: 1,
      attempts: 1,
      failures: 1,
      health: null,
      breaker: { state: "open", opensFor: 30_000 },
      ejection: calm,
    },
    {
      id: `o/${REFUSING}`,
      url: REFUSING,
      tier: 1,
      weight: 1,
      configuredWeight: 1,
      withheld: "standby",
      inFlight: 0,
      maxInFlight: 7,
      errorRate: 0,
      attempts: 0,
      failures: 0,
      health: null,
      breaker: closed,
      ejection: calm,
    },
  ]);
  const came = report.endpoints.map(({ results }) => Object.entries(results).filter(([, count]) => count > 0));
  assert.deepEqual(came, [[], [["5xx", 1]], []]);
  assert.deepEqual(report, JSON.parse(JSON.stringify(report)));
  await held.release(0);
});

Deno.test("a report tells of probes and ejections by date, and of retries", async () => {
  const clock = new FakeClock();
  await using well = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(request.target === "/up" ? 204 : 200));
  });
  await using gateway = gatewayTo([well.url, REFUSING], clock, {
    settings: {
      health: { path: "/up", interval: "10s", fall: 2, jitter: 0 },
      outliers: { consecutiveGatewayErrors: 1, ejectFor: "1m" },
    },
  });
  const endpoints = () => gateway.gateway.upstreams()[0].endpoints;
  assert.deepEqual(endpoints().map(({ health, withheld }) => [health, withheld]), [
    [{ up: true, lastProbe: null }, null],
    [{ up: true, lastProbe: null }, null],
  ]);
  for (let i = 0; i < 2; i++) assert.equal((await askInTime(gateway, clock, get())).status, 200);
  assert.equal(gateway.gateway.upstreams()[0].retries.sent, 1);
  const { ejection, withheld } = endpoints()[1];
  assert.equal(withheld, "ejected");
  assert.match(`${ejection?.until}`, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual([ejection?.ejected, ejection?.why, ejection?.ejections], [true, "1 gateway errors in a row", 1]);
  await passUntil(clock, until(() => endpoints()[1].health?.up === false), 500);
  const [first, second] = endpoints();
  assert.deepEqual([first.health?.up, first.health?.lastProbe?.passed], [true, true]);
  assert.deepEqual([second.withheld, second.health?.lastProbe?.reason], ["unhealthy", "connection refused"]);
  assert.match(`${second.health?.lastProbe?.at}`, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

Deno.test("a controller that turns the knob of a breaker turns when it trips", () => {
  const knobs = new Map<string, Knob & { value: number }>(), env = makeEnv();
  const knob = (id: string, value: number) => {
    const made = { id, value };
    knobs.set(id, made);
    return made;
  };
  const plan = {
    per: "endpoint",
    failureThreshold: 5,
    failureRatio: null,
    minRequests: 20,
    consecutiveFailures: null,
    window: 60_000,
    openFor: 1_000,
    maxOpenFor: 1_000,
    jitter: 0,
    halfOpenRequests: 1,
    successThreshold: 1,
    failures: ["reset"],
  } as const;
  const breaker = buildBreaker(plan, { upstream: "o", endpoint: "o/a" }, { ...env, knob }, () => {});
  assert.deepEqual([...knobs.keys()], ["breaker/o/endpoint/failureThreshold"]);
  breaker.settle(breaker.acquire(), RESET);
  assert.equal(breaker.state, "closed");
  knobs.get("breaker/o/endpoint/failureThreshold")!.value = 2;
  breaker.settle(breaker.acquire(), RESET);
  assert.equal(breaker.state, "open");
  breaker.close();
});

Deno.test("an upstream has a knob for each weight that its balancer goes by, and none for others", async () => {
  await using origin = await answering(200);
  for (const [balance, knobs] of [["weighted-latency", 1], ["round-robin", 0]] as const) {
    await using gateway = gatewayTo([{ url: origin.url, weight: 3 }], new FakeClock(), { settings: { balance } });
    const { endpoints: [{ id }] } = gateway.gateway.upstreams()[0];
    const found = gateway.gateway.knobs().filter((knob) => knob.id === `weight/${id}`);
    assert.deepEqual(found.map(({ value }) => value), knobs === 1 ? [3] : []);
  }
});
