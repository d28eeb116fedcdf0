/**
 * The cache benchmark's command: what a cache makes of a slow origin, and what a hit costs, beside nginx's proxy_cache.
 *
 * See `bench/README.md` for what is measured and how to read it.
 *
 * @module
 */
import { choose, findPeers, type Found } from "../load/choose.ts";
import { describeMachine } from "../load/machine.ts";
import type { Peer } from "../load/peer.ts";
import { firstLineOf } from "../load/program.ts";
import { describeRun, renderTables } from "../load/table.ts";
import { inWorkplace, type Workplace } from "../load/workplace.ts";
import { runHits } from "./hits.ts";
import { type Options, parseOptions, PARTS, USAGE } from "./options.ts";
import { gatewrightCache, HIT_PEERS, nginxCache, SLOW_PEERS } from "./peers.ts";
import { SHAPES } from "./shapes.ts";
import { runSlow, type SlowFigures } from "./slow.ts";
import { renderSlow } from "./table.ts";

async function bench(options: Options, { children, dir, signal }: Workplace): Promise<void> {
  const parts: readonly string[] = choose("part", PARTS, options.parts).map(({ id }) => id);
  const shapes = choose("shape", SHAPES, options.shapes);
  const peers = await available(options.only, signal);
  for (const [tool, args] of [["wrk", "-v"], ["taskset", "--version"]] as const) {
    if (await firstLineOf(tool, [args]) === undefined) throw new Error(`${tool} is missing`);
  }
  const { rounds, seconds, warmup, connections } = options;
  const about = {
    machine: await describeMachine(),
    settings: { rounds, seconds, warmup, connections },
    versions: Object.fromEntries(peers.map(({ peer, version }) => [peer.id, version])),
  };
  console.log(describeRun(about));
  const onStep = (text: string) => console.error(text);
  const among = (those: readonly Peer[]) => peers.filter(({ peer }) => those.includes(peer));
  let slow: SlowFigures[] | undefined;
  if (parts.includes("slow")) {
    slow = await runSlow({ children, dir, options, peers: among(SLOW_PEERS), onStep });
    console.log(`\n${renderSlow(slow, options)}`);
  }
  const report = { ...about, scenarios: [] as Awaited<ReturnType<typeof runHits>> };
  if (parts.includes("hits")) {
    report.scenarios = await runHits({ children, dir, options, peers: among(HIT_PEERS), shapes, onStep });
    console.log(`\n${renderTables(report, nginxCache.id, gatewrightCache.id)}`);
  }
  if (options.json !== undefined) {
    await Deno.writeTextFile(options.json, JSON.stringify({ ...report, slow }, null, 2) + "\n");
  }
}

async function available(only: readonly string[], signal: AbortSignal): Promise<Found[]> {
  const all = [...new Set([...SLOW_PEERS, ...HIT_PEERS])];
  const { found, missing } = await findPeers(
    choose("only", all, only.length === 0 ? [] : [nginxCache.id, ...only]),
    signal,
  );
  for (const { peer, missing: remedy } of missing) throw new Error(`${peer.id} cannot run: ${remedy}`);
  return found;
}

/** Runs the benchmark. Returns the exit code. */
function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return Promise.resolve(0);
  }
  return inWorkplace("cache", async (place) => {
    await bench(options, place);
    return 0;
  });
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`bench/cache: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
