/**
 * The soak's command. See `bench/README.md` for what must hold.
 *
 * @module
 */
import { inWorkplace } from "../load/workplace.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { soak } from "./soak.ts";

/** Runs the soak. Returns the exit code. */
function main(options: Options): Promise<number> {
  console.log(`seed ${options.seed}, engine ${options.engine ?? "by default"}, ${options.minutes} minutes`);
  return inWorkplace("soak", async ({ children, dir }) => {
    const wrong = await soak(options, { children, dir: options.dir === null ? dir : await Deno.realPath(options.dir) });
    console.log(wrong.length === 0 ? "soak passed" : `soak failed: ${wrong.join("; ")}`);
    return wrong.length === 0 ? 0 : 1;
  });
}

try {
  const options = parseOptions(Deno.args);
  if (options.help) console.log(USAGE);
  Deno.exit(options.help ? 0 : await main(options));
} catch (error) {
  console.error(`soak: ${error instanceof Error ? error.message : error}`);
  Deno.exit(2);
}
