/** `/routes`: who takes which request. @module */

import type { Hono } from "hono";
import { jsonAnswer } from "./answers.ts";
import type { Inspect } from "./inspect.ts";
import { readOnly } from "./read_only.ts";

/**
 * The compiled routes in the order in which they are tried, each with its chain and target, and what besides runs for the
 * requests of consumers.
 */
export function routesArea(inspect: Inspect): Hono {
  return readOnly({
    "/routes": async () => jsonAnswer({ routes: await inspect.routes(), consumers: await inspect.consumers() }),
  });
}
