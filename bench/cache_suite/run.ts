/**
 * A whole run: the suite's origin up, its client against each cache, everything down.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Child, Children } from "../load/children.ts";
import type { Found } from "../load/choose.ts";
import { freePort } from "../load/free_port.ts";
import type { Peer } from "../load/peer.ts";
import { untilServing } from "../load/ready.ts";
import type { Results, Suite, SuiteTest } from "./suite.ts";

/** The caches have one core, the origin and the suite's clients the other: what they mostly do is wait. */
const CACHE_CORE = 0, SUITE_CORE = 1;

const CLIENT = fileURLToPath(new URL("run_suite.mjs", import.meta.url));

/** What a run is given. */
export interface RunSpec {
  readonly children: Children;
  /** An empty folder; everything that is written goes below it. */
  readonly dir: string;
  readonly suite: Suite;
  readonly tests: readonly SuiteTest[];
  readonly peers: readonly Found[];
  /** Whether requests and answers are shown; the caches then take turns. */
  readonly dump: boolean;
  /** Hears of each step, and of what is to be shown. */
  readonly onStep: (text: string) => void;
}

/** What the suite found out about one cache. */
export interface PeerResults {
  readonly peer: string;
  readonly version: string;
  readonly results: Results;
}

/** Runs the tests against every peer: at the same time, since most of it is waiting for something to become stale. */
export async function run(spec: RunSpec): Promise<PeerResults[]> {
  const { children, dir, suite, peers, dump } = spec;
  const originPort = freePort(), originDir = `${dir}/origin`;
  await Deno.mkdir(originDir);
  const origin = children.start({
    name: "the suite's origin",
    core: SUITE_CORE,
    dir: originDir,
    command: "env",
    args: [
      "npm_config_protocol=http",
      `npm_config_port=${originPort}`,
      `npm_config_pidfile=${originDir}/pid`,
      "node",
      `${suite.dir}/test-engine/server/server.mjs`,
    ],
    stdout: `${originDir}/stdout.txt`,
  });
  await untilServing(origin, originPort);
  const one = ({ peer, version }: Found) => runPeer(spec, origin, originPort, peer, version);
  if (!dump) return await Promise.all(peers.map(one));
  const found: PeerResults[] = [];
  for (const peer of peers) found.push(await one(peer));
  return found;
}

async function runPeer(
  { children, dir, suite, tests, dump, onStep }: RunSpec,
  origin: Child,
  originPort: number,
  peer: Peer,
  version: string,
): Promise<PeerResults> {
  const port = freePort(), own = `${dir}/${peer.id}`, output = `${own}/results.json`, clientDir = `${own}/client`;
  await Deno.mkdir(clientDir, { recursive: true });
  const setup = { dir: own, port, originPort, accessLog: false, logFile: `${own}/access.log` };
  const cache = children.start({ ...await peer.prepare(setup), name: peer.id, core: CACHE_CORE, dir: own });
  await untilServing(cache, port);
  onStep(`${peer.id}: ${tests.length} tests`);
  const saidBefore = (await Deno.readTextFile(`${dir}/origin/stdout.txt`)).length;
  const client = children.start({
    name: `the suite's client for ${peer.id}`,
    core: SUITE_CORE,
    dir: clientDir,
    command: "node",
    args: [
      ...["--no-warnings", CLIENT, suite.dir, `http://127.0.0.1:${port}`, output, dump ? "dump" : "quiet"],
      ...tests.map(({ id }) => id),
    ],
    stdout: `${clientDir}/stdout.txt`,
  });
  const { code } = await client.ended;
  if (code !== 0) throw new Error(`${client.name} ended with ${code}:\n${await client.lastWords()}`);
  if (origin.gone) throw new Error(`the suite's origin ended:\n${await origin.lastWords()}`);
  if (cache.gone) throw new Error(`${peer.id} ended:\n${await cache.lastWords()}`);
  if (dump) {
    onStep(await Deno.readTextFile(`${clientDir}/stdout.txt`));
    onStep((await Deno.readTextFile(`${dir}/origin/stdout.txt`)).slice(saidBefore));
    const said = await Deno.readTextFile(`${own}/stdout.txt`).catch(() => "");
    onStep(`${peer.id} says:\n${said}${await cache.lastWords()}`);
  }
  await children.stop(cache);
  onStep(`${peer.id}: done`);
  return { peer: peer.id, version, results: JSON.parse(await Deno.readTextFile(output)) };
}
