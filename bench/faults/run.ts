/**
 * A whole run: every scenario, every peer.
 *
 * @module
 */
import { systemClock } from "../../src/core/clock.ts";
import { type Judged, type RunningProxy, runScenario, type RunWorld } from "../../tests/faults/run_scenario.ts";
import type { ProxyTimeouts, Scenario } from "../../tests/faults/scenario.ts";
import { steadyPort } from "../../tests/support/steady_port.ts";
import type { Children } from "../load/children.ts";
import { untilServing } from "../load/ready.ts";
import type { Options } from "./options.ts";
import type { FaultPeer } from "./peer.ts";

/** Proxies share a core; clients and endpoints, in this process, have the rest. */
const PROXY_CORE = 0;

/** Milliseconds. A client's patience has room for each endpoint to be tried twice, and for a second of Retry-After. */
const TIMES = {
  rest: 10,
  patience: 4000,
  pace: { slow: 1000, drip: 40, work: 10 },
  timeouts: { connect: 300, head: 500, idle: 500 },
  patientTimeouts: { connect: 300, head: 3000, idle: 3000 },
};

/** Most milliseconds of a story for each second of other traffic: it usually ends much earlier. */
const STORY_LIMIT = 8000;

/** What a run is given. */
export interface RunSpec {
  readonly children: Children;
  /** An empty folder; everything that is written goes below it. */
  readonly dir: string;
  readonly options: Options;
  readonly peers: readonly FaultPeer[];
  readonly scenarios: readonly Scenario[];
  /** Hears of each scenario as it begins. */
  readonly onStep: (text: string) => void;
}

/** One scenario's figures, by peer. */
export interface ScenarioFigures {
  readonly name: string;
  readonly answerable: boolean;
  readonly peers: Readonly<Record<string, Judged>>;
}

/** Runs every scenario with every peer. @throws {Error} at a peer that does not start */
export async function run(spec: RunSpec): Promise<ScenarioFigures[]> {
  const { peers, scenarios, onStep, options: { alone } } = spec, figures: ScenarioFigures[] = [];
  for (const scenario of scenarios) {
    onStep(scenario.name);
    const judged: [string, Judged][] = [];
    if (alone) { for (const peer of peers) judged.push([peer.id, await runOne(spec, scenario, peer)]); }
    else {
      judged.push(
        ...await Promise.all(peers.map(async (peer): Promise<[string, Judged]> => {
          return [peer.id, await runOne(spec, scenario, peer)];
        })),
      );
    }
    figures.push({ name: scenario.name, answerable: scenario.answerable, peers: Object.fromEntries(judged) });
  }
  return figures;
}

function runOne(spec: RunSpec, scenario: Scenario, peer: FaultPeer): Promise<Judged> {
  const { clients, requests, seconds } = spec.options;
  const world: RunWorld = {
    ...TIMES,
    clock: systemClock,
    clients,
    requests,
    limit: seconds * 1000,
    storyLimit: seconds * STORY_LIMIT,
  };
  return runScenario(scenario, world, (endpoints, timeouts) => start(spec, peer, endpoints, timeouts));
}

/** A proxy of its own for each scenario: what it has learned of its endpoints must not reach the next. */
async function start(
  { children, dir: parent }: RunSpec,
  peer: FaultPeer,
  endpoints: readonly [number, number],
  timeouts: ProxyTimeouts,
): Promise<RunningProxy> {
  const port = steadyPort(), dir = await Deno.makeTempDir({ dir: parent, prefix: `${peer.id}-` });
  const launch = await peer.prepare({ dir, port, endpoints, timeouts });
  const child = children.start({ ...launch, name: peer.id, core: PROXY_CORE, dir });
  await untilServing(child, port);
  return { port, [Symbol.asyncDispose]: () => children.stop(child) };
}
