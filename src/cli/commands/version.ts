/** `version`. @module */

import type { Command } from "../command.ts";
import { VERSION } from "../version.ts";

/** Tells the product's version, and the runtime's. */
export const version: Command = {
  name: "version",
  summary: "tells the version",
  details: [],
  options: {},
  run(_given, terminal) {
    terminal.out(`gatewright ${VERSION} (deno ${Deno.version.deno})\n`);
    return 0;
  },
};
