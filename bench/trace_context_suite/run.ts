/**
 * One run: the service and a gateway before it up, the suite against the gateway, everything down.
 *
 * @module
 */
import type { Children } from "../load/children.ts";
import { freePort } from "../load/free_port.ts";
import { gatewrightStart } from "../load/peers/gatewright.ts";
import { untilServing } from "../load/ready.ts";
import type { SuitePeer } from "./peers.ts";
import { startService } from "./service.ts";
import { readReport, type Verdict } from "./suite.ts";

const GATEWAY_CORE = 0, SUITE_CORE = 1;

/** What a run is given. */
export interface RunSpec {
  readonly children: Children;
  /** An empty folder; everything that is written goes below it. */
  readonly dir: string;
  /** Where the suite's `test.py` is. */
  readonly suiteDir: string;
  readonly peer: SuitePeer;
  readonly tests: readonly string[];
  /** Hears of each step. */
  readonly onStep: (text: string) => void;
}

/** What the suite found out about one gateway. */
export interface PeerVerdict {
  readonly peer: string;
  readonly verdict: Verdict;
}

/** Runs the tests against one gateway. @throws {Error} when one of the programs ends before its time */
export async function run({ children, dir, suiteDir, peer, tests, onStep }: RunSpec): Promise<PeerVerdict> {
  const port = freePort(), suitePort = freePort(), own = `${dir}/${peer.id}`;
  await Deno.mkdir(`${own}/suite`, { recursive: true });
  const service = startService(port);
  try {
    const file = `${own}/gateway.config.ts`;
    await Deno.writeTextFile(file, config(peer, { port, servicePort: service.port, suitePort }));
    const setup = { dir: own, port, originPort: service.port, accessLog: false, logFile: `${own}/access.log` };
    const gateway = children.start({ ...gatewrightStart(setup, file), name: peer.id, core: GATEWAY_CORE, dir: own });
    await untilServing(gateway, port);
    onStep(`${peer.id}: running the suite`);
    const suite = children.start({
      name: `the suite against ${peer.id}`,
      core: SUITE_CORE,
      dir: `${own}/suite`,
      command: "env",
      args: [
        // The level of the specification, and all tests however strict.
        ...["SPEC_LEVEL=2", "STRICT_LEVEL=2", `HARNESS_PORT=${suitePort}`, "PYTHONDONTWRITEBYTECODE=1"],
        ...["python3", `${suiteDir}/test.py`, `http://127.0.0.1:${port}/service`, ...tests],
      ],
    });
    await suite.ended;
    if (gateway.gone) throw new Error(`${peer.id} ended:\n${await gateway.lastWords()}`);
    await children.stop(gateway);
    return { peer: peer.id, verdict: readReport(await Deno.readTextFile(`${own}/suite/stderr.txt`)) };
  } finally {
    await service.close();
  }
}

/** What is for nobody else goes to the suite: the calls that the service makes through the gateway. */
function config(
  { engine, traces }: SuitePeer,
  { port, servicePort, suitePort }: { readonly port: number; readonly servicePort: number; readonly suitePort: number },
): string {
  const collector = { to: { otlp: `http://127.0.0.1:${servicePort}/v1/traces` } };
  return `import { defineGateway } from "gatewright";

export default defineGateway({
  listen: { hostname: "127.0.0.1", port: ${port}, engine: "${engine}" },
  admin: false,
  telemetry: { accessLog: false, traces: ${JSON.stringify({ ...traces, ...collector })} },
  routes: [
    { path: "/service", upstream: "http://127.0.0.1:${servicePort}", retry: false },
    { path: "/*", upstream: "http://127.0.0.1:${suitePort}", retry: false },
  ],
});
`;
}
