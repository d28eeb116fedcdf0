/**
 * The telemetry benchmark's command: what metrics, access log and traces cost a request, against the gateway without them.
 *
 * See `bench/README.md` for what is measured and how to read it.
 *
 * @module
 */
import { choose, findPeers } from "../load/choose.ts";
import { describeMachine } from "../load/machine.ts";
import { type Options, parseOptions } from "../load/options.ts";
import { firstLineOf } from "../load/program.ts";
import { run } from "../load/run.ts";
import { SCENARIOS } from "../load/scenarios.ts";
import { describeRun, renderTables } from "../load/table.ts";
import { inWorkplace, type Workplace } from "../load/workplace.ts";
import { ALL, peers, silent } from "./peers.ts";

const USAGE = `deno run -A bench/telemetry/main.ts [flags]

  --only a,b       only these: metrics, log, traces-none, traces-1%, all, traces-100%, keep-errors; silent is always added
  --rounds N, --seconds N, --warmup N, --connections N, --shape A,B, --json FILE    as bench:load has them
`;

/** Takes whatever it is sent. */
function startCollector(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    await request.arrayBuffer();
    return Response.json({});
  });
}

async function bench(options: Options, { children, dir, signal }: Workplace): Promise<void> {
  await using collector = startCollector();
  const named = options.only.length === 0 ? [] : [silent.id, ...options.only];
  const chosen = choose("only", peers(`http://127.0.0.1:${collector.addr.port}`), named);
  const { found, missing } = await findPeers(chosen, signal);
  for (const { peer, missing: remedy } of missing) throw new Error(`${peer.id} cannot run: ${remedy}`);
  for (const tool of ["wrk", "taskset", "nginx"]) {
    if (await firstLineOf(tool, ["-v"]) === undefined) throw new Error(`${tool} is missing`);
  }
  const { rounds, seconds, warmup, connections } = options;
  const about = {
    machine: await describeMachine(),
    settings: { rounds, seconds, warmup, connections },
    versions: { gatewright: found[0]!.version },
  };
  console.log(describeRun(about));
  const onStep = (text: string) => console.error(text);
  const scenarios = choose("shape", SCENARIOS, options.shapes);
  const report = { ...about, scenarios: await run({ children, dir, options, peers: found, scenarios, onStep }) };
  console.log(`\n${renderTables(report, silent.id, ALL)}`);
  if (options.json !== undefined) await Deno.writeTextFile(options.json, JSON.stringify(report, null, 2) + "\n");
}

/** Runs the benchmark. Returns the exit code. */
function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return Promise.resolve(0);
  }
  return inWorkplace("telemetry", async (place) => {
    await bench(options, place);
    return 0;
  });
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`bench/telemetry: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
