/**
 * The soak's command. See `bench/README.md` for what must hold.
 *
 * @module
 */
import { Children } from "../load/children.ts";
import { parseOptions, USAGE } from "./options.ts";
import { soak } from "./soak.ts";

const children = new Children(), temporary = await Deno.makeTempDir({ prefix: "gatewright-soak-" });
const cleanUp = async () => {
  await children.stopAll();
  await Deno.remove(temporary, { recursive: true }).catch(() => {});
};
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => void cleanUp().finally(() => Deno.exit(130)));
}
let code = 2;
try {
  const options = parseOptions(Deno.args);
  if (options.help) {
    console.log(USAGE);
    code = 0;
  } else {
    console.log(`seed ${options.seed}, engine ${options.engine ?? "by default"}, ${options.minutes} minutes`);
    const wrong = await soak(options, {
      children,
      dir: options.dir === null ? temporary : await Deno.realPath(options.dir),
    });
    code = wrong.length === 0 ? 0 : 1;
    console.log(wrong.length === 0 ? "soak passed" : `soak failed: ${wrong.join("; ")}`);
  }
} catch (error) {
  console.error(`soak: ${error instanceof Error ? error.message : error}`);
} finally {
  await cleanUp();
}
Deno.exit(code);
