/**
 * The cache suite's command: how much of the public suite of tests for HTTP caches this gateway passes, and others beside.
 *
 * See `bench/README.md` for what is counted and how to read it.
 *
 * @module
 */
import { choose, findPeers, type Found } from "../load/choose.ts";
import { firstLineOf } from "../load/program.ts";
import { inWorkplace, type Workplace } from "../load/workplace.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { peersWith } from "./peers.ts";
import { run } from "./run.ts";
import { openSuite, type Suite, withDependencies } from "./suite.ts";
import { renderFailures, renderShares } from "./table.ts";

async function test(options: Options, { children, dir, signal }: Workplace): Promise<void> {
  const suite = await openSuite(options.suite);
  await checkTools(suite);
  const tests = withDependencies(suite, options.tests);
  const peers = await available(options, signal);
  const onStep = (text: string) => console.error(text);
  const found = await run({ children, dir, suite, tests, peers, dump: options.dump, onStep });
  console.log(renderShares(suite, tests, found));
  for (const one of found) {
    if (options.failures.includes(one.peer)) console.log(`\n${renderFailures(suite, tests, one)}`);
  }
  if (options.json !== undefined) await Deno.writeTextFile(options.json, JSON.stringify(found, null, 2) + "\n");
}

async function available({ only, failures, options }: Options, signal: AbortSignal): Promise<Found[]> {
  const peers = peersWith(options);
  choose("failures", peers, failures);
  const { found, missing } = await findPeers(choose("only", peers, only), signal);
  for (const { peer, missing: remedy } of missing) {
    if (only.includes(peer.id)) throw new Error(`${peer.id} cannot run: ${remedy}`);
    console.error(`left out: ${peer.id} (${remedy})`);
  }
  return found;
}

/** The suite's programs need Node, and one package for what `fetch` does not show. */
async function checkTools({ dir }: Suite): Promise<void> {
  if (await firstLineOf("node", ["--version"]) === undefined) {
    throw new Error("node is missing: apt-get install nodejs");
  }
  await Deno.stat(`${dir}/node_modules/undici`).catch(() => {
    console.error(`without undici the tests of interim answers fail: npm install in ${dir}`);
  });
}

/** Runs the harness. Returns the exit code. */
function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return Promise.resolve(0);
  }
  return inWorkplace("cache-suite", async (place) => {
    await test(options, place);
    return 0;
  });
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`bench/cache_suite: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
