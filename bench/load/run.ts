/**
 * A whole run: origin up, every shape measured, origin down.
 *
 * @module
 */
import type { Children } from "./children.ts";
import type { Found } from "./choose.ts";
import { freePort } from "./free_port.ts";
import type { Options } from "./options.ts";
import { prepareOrigin } from "./origin.ts";
import { type Bench, Proxy } from "./proxy.ts";
import { untilServing } from "./ready.ts";
import type { PeerRounds, ScenarioReport } from "./report.ts";
import type { Scenario } from "./scenario.ts";

/** The proxy has a core to itself; load generator and origin share the other. */
const PROXY_CORE = 0;
const LOAD_CORE = 1;

/** What a run is given. */
export interface RunSpec {
  readonly children: Children;
  /** An empty folder; everything that is written goes below it. */
  readonly dir: string;
  readonly options: Options;
  readonly peers: readonly Found[];
  readonly scenarios: readonly Scenario[];
  /** Hears of each step as it begins. */
  readonly onStep: (text: string) => void;
}

/**
 * Measures every peer in every scenario, `rounds` times.
 *
 * @throws {Error} at the first peer that does not do the work or fails under load
 */
export async function run(spec: RunSpec): Promise<ScenarioReport[]> {
  const { children, dir, options, scenarios } = spec;
  const originPort = freePort();
  const originDir = await Deno.makeTempDir({ dir, prefix: "origin-" });
  const launch = await prepareOrigin(originDir, originPort, scenarios);
  const origin = children.start({ ...launch, name: "origin", core: LOAD_CORE, dir: originDir });
  await untilServing(origin, originPort);
  const { connections, seconds, warmup, peerLogs } = options;
  const cores = { proxyCore: PROXY_CORE, loadCore: LOAD_CORE };
  const bench: Bench = { children, dir, originPort, connections, seconds, warmup, peerLogs, ...cores };
  const reports: ScenarioReport[] = [];
  for (const scenario of scenarios) reports.push(await runScenario(bench, scenario, spec));
  await children.stop(origin);
  return reports;
}

/** Within a round the peers follow each other at once; each round begins with another one, so that none always leads. */
async function runScenario(bench: Bench, scenario: Scenario, spec: RunSpec): Promise<ScenarioReport> {
  const { peers, options: { rounds }, onStep } = spec;
  const proxies: Proxy[] = [];
  for (const { peer } of peers) {
    onStep(`shape ${scenario.id}, warm-up: ${peer.id}`);
    proxies.push(await Proxy.start(bench, peer, scenario));
  }
  const reports = peers.map(({ peer }): PeerRounds => {
    return { peer: peer.id, accessLog: peer.alwaysLogs || bench.peerLogs, rounds: [] };
  });
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < peers.length; turn++) {
      const at = (round + turn) % peers.length;
      onStep(`shape ${scenario.id}, round ${round + 1} of ${rounds}: ${peers[at]!.peer.id}`);
      reports[at]!.rounds.push(await proxies[at]!.measure());
    }
  }
  for (const proxy of proxies) await proxy.stop();
  return { id: scenario.id, title: scenario.title, peers: reports };
}
