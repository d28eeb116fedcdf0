/** `/config`: what the gateway goes by. @module */

import type { Hono } from "hono";
import { jsonAnswer } from "./answers.ts";
import type { Inspect } from "./inspect.ts";
import { readOnly } from "./read_only.ts";

/** The config in force, every default filled in, secrets as references. */
export function configArea(inspect: Inspect): Hono {
  return readOnly({ "/config": async () => jsonAnswer(await inspect.config()) });
}
