/** A script, and the name under which Redis remembers it. @module */

import { createHash } from "node:crypto";

/** Lua for `EVAL`, and for `EVALSHA`. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** Names a script as Redis does. */
export function scriptOf(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
