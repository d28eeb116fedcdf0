/**
 * The command of the trace-context suite's harness: how many of the W3C's tests of a service this gateway passes.
 *
 * See `bench/README.md` for what is counted and how to read it.
 *
 * @module
 */
import { choose } from "../load/choose.ts";
import { inWorkplace, type Workplace } from "../load/workplace.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { PEERS } from "./peers.ts";
import { run } from "./run.ts";
import { openSuite } from "./suite.ts";
import { renderFailures, renderShares } from "./table.ts";

/** Runs the tests. Returns whether all were passed. */
async function test({ suite, only, tests, failures, json }: Options, { children, dir }: Workplace): Promise<boolean> {
  const { dir: suiteDir } = await openSuite(suite);
  const found = [];
  for (const peer of choose("only", PEERS, only)) {
    found.push(await run({ children, dir, suiteDir, peer, tests, onStep: (text) => console.error(text) }));
  }
  console.log(renderShares(found));
  if (failures) { for (const one of found) console.log(`\n${renderFailures(one)}`); }
  if (json !== undefined) await Deno.writeTextFile(json, JSON.stringify(found, null, 2) + "\n");
  return found.every(({ verdict }) => verdict.failures.length === 0 && verdict.skipped === 0);
}

/** Runs the harness. Returns the exit code: 1 when a test was not passed. */
function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return Promise.resolve(0);
  }
  return inWorkplace("trace-context-suite", async (place) => await test(options, place) ? 0 : 1);
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`bench/trace_context_suite: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
