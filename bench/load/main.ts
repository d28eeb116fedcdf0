/**
 * The load benchmark's command: this gateway and other proxies, each alone on a core, under the same load.
 *
 * See `bench/README.md` for what is measured and how to read it.
 *
 * @module
 */
import { choose, findPeers } from "./choose.ts";
import { describeMachine } from "./machine.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { PEERS, REFERENCE } from "./peers.ts";
import { gatewright } from "./peers/gatewright.ts";
import { firstLineOf } from "./program.ts";
import type { Report } from "./report.ts";
import { run } from "./run.ts";
import { SCENARIOS } from "./scenarios.ts";
import { describeRun, renderTables } from "./table.ts";
import { inWorkplace, type Workplace } from "./workplace.ts";

/** Programs without which nothing can be measured, how to ask for their version, and their Debian package. */
const TOOLS = [
  { name: "wrk", args: ["-v"], apt: "wrk" },
  { name: "taskset", args: ["--version"], apt: "util-linux" },
  { name: "nginx", args: ["-v"], apt: "nginx" },
] as const;

async function bench(options: Options, { children, dir, signal }: Workplace): Promise<void> {
  if (Deno.build.os !== "linux") throw new Error(`this benchmark reads /proc: it needs Linux, not ${Deno.build.os}`);
  if (navigator.hardwareConcurrency < 2) throw new Error("this benchmark needs two cores: one for the proxy alone");
  const scenarios = choose("shape", SCENARIOS, options.shapes);
  const named = options.only.length === 0 ? [] : [REFERENCE.id, ...options.only];
  const chosen = choose("only", PEERS, named);
  const tools = await findTools();
  const { found, missing } = await findPeers(chosen, signal);
  for (const { peer, missing: remedy } of missing) {
    if (named.includes(peer.id)) throw new Error(`${peer.id} cannot run: ${remedy}`);
    console.error(`left out: ${peer.id} (${remedy})`);
  }

  const versions = Object.fromEntries(found.map(({ peer, version }) => [peer.id, version]));
  const { rounds, seconds, warmup, connections } = options;
  const settings = { rounds, seconds, warmup, connections };
  const machine = await describeMachine();
  const about = { machine, settings, versions: { ...versions, wrk: tools.wrk ?? "" } };
  console.log(describeRun(about));
  const onStep = (text: string) => console.error(text);
  const report: Report = {
    ...about,
    scenarios: await run({ children, dir, options, peers: found, scenarios, onStep }),
  };
  console.log(`\n${renderTables(report, REFERENCE.id, gatewright.id)}`);
  console.log("\nMachines are noisy: compare ratios from one run, and treat gaps below 10 % as none.");
  if (options.json !== undefined) await Deno.writeTextFile(options.json, JSON.stringify(report, null, 2) + "\n");
}

async function findTools(): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  const wanted: string[] = [];
  for (const { name, args, apt } of TOOLS) {
    const line = await firstLineOf(name, args);
    if (line === undefined) wanted.push(apt);
    else versions[name] = line.replace(/^wrk (\S+).*$/, "$1");
  }
  if (wanted.length > 0) throw new Error(`programs are missing: apt-get install ${wanted.join(" ")}`);
  return versions;
}

/** Runs the benchmark. Returns the exit code. */
function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return Promise.resolve(0);
  }
  return inWorkplace("bench", async (place) => {
    await bench(options, place);
    return 0;
  });
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`bench:load: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
