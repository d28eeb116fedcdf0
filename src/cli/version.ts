/** The product's version. @module */

import manifest from "../../deno.json" with { type: "json" };

/** As the manifest has it: `0.1.0`. */
export const VERSION: string = manifest.version;
