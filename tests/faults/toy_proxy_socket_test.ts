import { strict as assert } from "node:assert";
import { systemClock } from "../../src/core/clock.ts";
import type { Verdict } from "./judge.ts";
import { isClean } from "./judge.ts";
import { runScenario, type RunWorld } from "./run_scenario.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type Mistake, startToyProxy } from "./toy_proxy.ts";

const WORLD: RunWorld = {
  clock: systemClock,
  pace: { slow: 1, drip: 1, work: 1 },
  // One after another, so that the toy's turns fall on the same requests each time.
  clients: 1,
  requests: 20,
  rest: 0,
  limit: null,
  storyLimit: 10_000,
  patience: 5000,
  timeouts: { connect: 0, head: 0, idle: 0 },
  patientTimeouts: { connect: 0, head: 0, idle: 0 },
};

function named(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  assert.ok(found, name);
  return found;
}

async function run(name: string, mistake: Mistake | null, world: Partial<RunWorld> = {}): Promise<Verdict> {
  const start = (endpoints: readonly [number, number]) => startToyProxy(endpoints, mistake);
  const { verdict, met, whole } = await runScenario(named(name), { ...WORLD, ...world }, start);
  assert.ok(met > 0, "the fault was never played");
  assert.ok(whole && verdict.requests >= WORLD.requests * named(name).volume);
  return verdict;
}

Deno.test("a proxy without a mistake is clean", async (t) => {
  const names = [
    "refuses connections",
    "resets connections as it takes them",
    "resets after the request",
    "closes in the head",
    "no HTTP at all",
    "cuts a body of a known length",
    "leaves out the last chunk",
    "content-length too short, a forged answer behind",
    "drips the body",
    "slow beside fast",
    "closes behind each answer",
    "flaps",
    "dies and returns",
    "both dead",
  ];
  for (const name of names) {
    await t.step(name, async () => {
      const verdict = await run(name, null);
      assert.ok(isClean(verdict), Deno.inspect(verdict));
      assert.equal(verdict.ok > 0, verdict.answerable);
    });
  }
});

Deno.test("each mistake is found, and nothing else", async (t) => {
  const rows: [mistake: Mistake, scenario: string, found: keyof Verdict][] = [
    ["repeats POST", "resets after the request", "duplicated"],
    ["repeats POST", "closes in the head", "duplicated"],
    ["gives up", "resets after the request", "lost"],
    ["gives up", "refuses connections", "lost"],
    ["forgets the body", "resets after the request", "mangled"],
    ["completes what was cut", "cuts a body of a known length", "truncated"],
    ["completes what was cut", "leaves out the last chunk", "truncated"],
    ["hangs", "both dead", "hung"],
    ["passes anything", "both dead", "malformed"],
  ];
  const faults = ["duplicated", "lost", "mangled", "truncated", "hung", "malformed"] as const;
  for (const [mistake, scenario, found] of rows) {
    await t.step(`${mistake}: ${scenario}`, async () => {
      const verdict = await run(scenario, mistake, mistake === "hangs" ? { patience: 20 } : {});
      assert.deepEqual(faults.filter((fault) => verdict[fault] > 0), [found], Deno.inspect(verdict));
      assert.equal(isClean(verdict), false);
    });
  }
});
