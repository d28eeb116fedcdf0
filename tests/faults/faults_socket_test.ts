import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { systemClock } from "../../src/core/clock.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { gatewaySettings } from "./gateway_settings.ts";
import type { Verdict } from "./judge.ts";
import { runScenario, type RunWorld, type StartProxy } from "./run_scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

/** Milliseconds. Sockets need real time; nothing here is right or wrong by it, but for a client that waits in vain. */
const WORLD: RunWorld = {
  clock: systemClock,
  pace: { slow: 200, drip: 5, work: 2 },
  clients: 8,
  requests: 80,
  rest: 0,
  limit: null,
  storyLimit: 10_000,
  patience: 5000,
  timeouts: { connect: 250, head: 250, idle: 250 },
  patientTimeouts: { connect: 250, head: 5000, idle: 5000 },
};
const AWAY = 100;

const MUST_NOT: readonly (keyof Verdict)[] = ["duplicated", "truncated", "hung", "lost", "mangled", "malformed"];
/** What a gateway may say for itself where it has nobody to ask. */
const REFUSALS = ["502", "503", "504"];

const start: StartProxy = (endpoints, timeouts) => {
  const gateway = TestGateway.start(defineGateway({
    upstreams: { app: gatewaySettings(endpoints, timeouts, AWAY) },
    routes: [{ path: "/*", upstream: "app" }],
  }));
  return Promise.resolve({ port: gateway.port, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() });
};

for (const scenario of SCENARIOS) {
  Deno.test(`one of two endpoints … ${scenario.name}`, async () => {
    const { verdict, met, whole } = await runScenario(scenario, WORLD, start);
    const seen = Deno.inspect(verdict);
    assert.deepEqual(MUST_NOT.filter((fault) => verdict[fault] !== 0), [], seen);
    assert.ok(met > 0 && whole, "the fault was played to its end");
    if (scenario.answerable) assert.ok(verdict.ok > 0, seen);
    else {
      const unexpected = Object.keys(verdict.errors).filter((status) => !REFUSALS.includes(status));
      assert.deepEqual([verdict.ok, unexpected], [0, []], seen);
    }
  });
}
