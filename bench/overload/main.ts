/**
 * The overload harness's command: what clients get of an origin that is asked for more than it can do.
 *
 * See `bench/README.md` for what is counted and how to read it.
 *
 * @module
 */
import { choose } from "../load/choose.ts";
import { describeMachine } from "../load/machine.ts";
import { inWorkplace } from "../load/workplace.ts";
import { parseOptions, USAGE } from "./options.ts";
import { run } from "./run.ts";
import { renderTables } from "./table.ts";
import { VARIANTS } from "./variants.ts";

/** Runs the harness. Returns the exit code. */
function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(USAGE);
    return Promise.resolve(0);
  }
  const variants = choose("only", VARIANTS, options.only);
  return inWorkplace("overload", async ({ children, dir }) => {
    const { cpu, cores, load } = await describeMachine();
    console.log(`${cpu}, ${cores} cores, load average ${load.toFixed(2)}`);
    const figures = await run({ children, dir, options, variants, onStep: (text) => console.error(text) });
    console.log(renderTables(figures));
    if (options.json !== undefined) await Deno.writeTextFile(options.json, JSON.stringify(figures, null, 2) + "\n");
    return 0;
  });
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(`bench/overload: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
