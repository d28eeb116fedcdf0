/**
 * What a hit costs: every cache filled, the origin then taken away, and the caches measured in turns.
 *
 * @module
 */
import type { Children } from "../load/children.ts";
import type { Found } from "../load/choose.ts";
import { freePort } from "../load/free_port.ts";
import type { Answer } from "../load/http_call.ts";
import { prepareOrigin } from "../load/origin.ts";
import { type Bench, Proxy } from "../load/proxy.ts";
import { untilServing } from "../load/ready.ts";
import type { PeerRounds, ScenarioReport } from "../load/report.ts";
import type { Scenario } from "../load/scenario.ts";
import type { Options } from "./options.ts";

const PROXY_CORE = 0, LOAD_CORE = 1;

/** What a run is given. */
export interface HitSpec {
  readonly children: Children;
  /** An empty folder; everything that is written goes below it. */
  readonly dir: string;
  readonly options: Options;
  readonly peers: readonly Found[];
  readonly shapes: readonly Scenario[];
  readonly onStep: (text: string) => void;
}

/** Measures every cache in every shape, `rounds` times. @throws {Error} at the first that does not answer with a hit */
export async function runHits(spec: HitSpec): Promise<ScenarioReport[]> {
  const reports: ScenarioReport[] = [];
  for (const shape of spec.shapes) reports.push(await runShape(spec, shape));
  return reports;
}

async function runShape({ children, dir, options, peers, onStep }: HitSpec, shape: Scenario): Promise<ScenarioReport> {
  const originPort = freePort(), originDir = await Deno.makeTempDir({ dir, prefix: "origin-" });
  const launch = await prepareOrigin(originDir, originPort, [shape]);
  const origin = children.start({ ...launch, name: "origin", core: LOAD_CORE, dir: originDir });
  await untilServing(origin, originPort);
  const { connections, seconds, warmup, peerLogs, rounds } = options;
  const bench: Bench = {
    ...{ children, dir, originPort, connections, seconds, warmup, peerLogs },
    ...{ proxyCore: PROXY_CORE, loadCore: LOAD_CORE },
  };
  const proxies: Proxy[] = [];
  for (const { peer } of peers) {
    onStep(`shape ${shape.id}, warm-up: ${peer.id}`);
    proxies.push(await Proxy.start(bench, peer, shape));
  }
  // Without an origin, whatever is no hit fails, and the load with it.
  await children.stop(origin);
  for (const [at, proxy] of proxies.entries()) onStep(`${peers[at].peer.id}: ${describe(await proxy.answer())}`);
  const reports = peers.map(({ peer }): PeerRounds => {
    return { peer: peer.id, accessLog: peer.alwaysLogs || peerLogs, rounds: [] };
  });
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < peers.length; turn++) {
      const at = (round + turn) % peers.length;
      onStep(`shape ${shape.id}, round ${round + 1} of ${rounds}: ${peers[at].peer.id}`);
      reports[at].rounds.push(await proxies[at].measure());
    }
  }
  for (const proxy of proxies) await proxy.stop();
  return { id: shape.id, title: shape.title, peers: reports };
}

/** How large a hit is; on `serve`, 512 bytes are a limit that costs. */
function describe({ status, headers, body }: Answer): string {
  // `HTTP/1.1 200 OK` and the empty line, then name, ": ", value and the line's end.
  const bytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 19) + body.length;
  return `${status} with ${headers.length} fields, ${bytes} bytes in all`;
}
