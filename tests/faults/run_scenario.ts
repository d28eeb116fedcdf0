/** One scenario with one proxy: endpoints up, traffic, verdict. @module */

import type { Clock } from "../../src/core/clock.ts";
import type { Pace } from "./behaviour.ts";
import { type EndpointWorld, FaultyEndpoint } from "./faulty_endpoint.ts";
import { Journal } from "./journal.ts";
import { judge, type Verdict } from "./judge.ts";
import type { ProxyTimeouts, Scenario } from "./scenario.ts";
import { Traffic, type TrafficPlan } from "./traffic.ts";

/** A proxy that serves. Dispose of it to stop it. */
export interface RunningProxy extends AsyncDisposable {
  readonly port: number;
}

/** Starts a proxy in front of two ports of 127.0.0.1. */
export type StartProxy = (endpoints: readonly [number, number], timeouts: ProxyTimeouts) => Promise<RunningProxy>;

/** What is the same for all scenarios of a run. */
export interface RunWorld extends Omit<TrafficPlan, "port" | "kinds"> {
  readonly clock: Clock;
  readonly pace: Pace;
  /** `limit` where there is a story, which ends the traffic by itself. */
  readonly storyLimit: number;
  /** What proxies are told, and what they are told where an endpoint is slow. */
  readonly timeouts: ProxyTimeouts;
  readonly patientTimeouts: ProxyTimeouts;
}

/** A verdict, and whether it says anything. */
export interface Judged {
  readonly verdict: Verdict;
  /** How often the fault was played. */
  readonly met: number;
  /** Whether all happened that was to happen, before the time was over. */
  readonly whole: boolean;
}

/** Runs a scenario. @throws what starting the proxy throws */
export async function runScenario(scenario: Scenario, world: RunWorld, startProxy: StartProxy): Promise<Judged> {
  const { clock, pace } = world, journal = new Journal(), endpointWorld: EndpointWorld = { clock, pace, journal };
  const [first, second] = scenario.behaviours;
  await using faulty = await FaultyEndpoint.start(first, endpointWorld);
  await using other = await FaultyEndpoint.start(second, endpointWorld);
  await using proxy = await startProxy(
    [faulty.port, other.port],
    scenario.patient ? world.patientTimeouts : world.timeouts,
  );
  const { story, kinds, volume } = scenario;
  const traffic = new Traffic({
    ...world,
    port: proxy.port,
    kinds,
    requests: Math.ceil(world.requests * volume),
    limit: story === null ? world.limit : world.storyLimit,
  }, clock);
  const { observations, whole } = await traffic.run(story === null ? null : () => story([faulty, other], traffic));
  return { verdict: judge(scenario, observations, journal), met: faulty.met, whole };
}
