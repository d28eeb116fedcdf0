/** `/livez`, `/readyz` and its other name `/ready`. @module */

import type { Hono } from "hono";
import { jsonAnswer } from "./answers.ts";
import type { Inspect } from "./inspect.ts";
import { readOnly } from "./read_only.ts";

/**
 * For probes. `/livez` is 200 as long as the process serves, also while it drains: who restarts on it must not cut a
 * drain short. `/readyz` is 200, or 503 with the reasons.
 */
export function healthArea(inspect: Inspect): Hono {
  const ready = async () => {
    const reasons = await inspect.notReady();
    return jsonAnswer({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
  };
  return readOnly({ "/livez": () => jsonAnswer({ live: true }), "/readyz": ready, "/ready": ready });
}
