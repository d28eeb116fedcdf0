/** `/upstreams`: where requests go, and how it is doing. @module */

import type { Hono } from "hono";
import { jsonAnswer } from "./answers.ts";
import type { Inspect } from "./inspect.ts";
import { readOnly } from "./read_only.ts";

/** Each upstream with its endpoints: health, breakers, ejections, requests under way, latencies. */
export function upstreamsArea(inspect: Inspect): Hono {
  return readOnly({ "/upstreams": async () => jsonAnswer({ upstreams: await inspect.upstreams() }) });
}
