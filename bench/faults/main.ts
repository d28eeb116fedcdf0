/**
 * The fault harness's command: this gateway and other proxies in front of two endpoints that fail.
 *
 * See `bench/README.md` for what is counted and how to read it.
 *
 * @module
 */
import type { Scenario } from "../../tests/faults/scenario.ts";
import { SCENARIOS } from "../../tests/faults/scenarios.ts";
import { choose } from "../load/choose.ts";
import { inWorkplace } from "../load/workplace.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import type { FaultPeer } from "./peer.ts";
import { PEERS } from "./peers.ts";
import { run, type ScenarioFigures } from "./run.ts";
import { renderTable } from "./table.ts";

async function findPeers({ only }: Options, signal: AbortSignal): Promise<FaultPeer[]> {
  const found: FaultPeer[] = [];
  for (const peer of choose("only", PEERS, only)) {
    const answer = await peer.find(signal);
    if ("version" in answer) {
      found.push(peer);
      console.error(`${peer.id} ${answer.version}`);
    } else if (only.includes(peer.id)) throw new Error(`${peer.id} cannot run: ${answer.missing}`);
    else console.error(`left out: ${peer.id} (${answer.missing})`);
  }
  return found;
}

function findScenarios({ scenarios }: Options): readonly Scenario[] {
  const found = SCENARIOS.filter(({ name }) => {
    return scenarios.length === 0 || scenarios.some((part) => name.includes(part));
  });
  if (found.length > 0) return found;
  const names = SCENARIOS.map(({ name }) => `  ${name}`).join("\n");
  throw new Error(`--scenario ${JSON.stringify(scenarios.join(","))} fits none of\n${names}`);
}

/** A fault that was never played, or not to its end, says nothing about the proxy. */
function reportUnmet(figures: readonly ScenarioFigures[]): void {
  for (const { name, peers } of figures) {
    for (const [peer, { met, whole }] of Object.entries(peers)) {
      if (met === 0) console.error(`${name}: ${peer} never met the fault`);
      if (!whole) console.error(`${name}: ${peer} did not come to the end in time`);
    }
  }
}

/** Runs the harness. Returns the exit code. */
function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return Promise.resolve(0);
  }
  const scenarios = findScenarios(options);
  return inWorkplace("faults", async ({ children, dir, signal }) => {
    const peers = await findPeers(options, signal);
    const onStep = (text: string) => console.error(text);
    const figures = await run({ children, dir, options, peers, scenarios, onStep });
    console.log(renderTable(figures, peers.map(({ id }) => id)));
    reportUnmet(figures);
    if (options.json !== undefined) await Deno.writeTextFile(options.json, JSON.stringify(figures, null, 2) + "\n");
    return 0;
  });
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`bench/faults: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
