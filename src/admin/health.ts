/** `/livez`, `/readyz` and its other name `/ready`, `/health`. @module */

import type { Hono } from "hono";
import { withoutEndpoints } from "../runtime/exposure/health.ts";
import { health, live, type ProbeAnswer, ready } from "../runtime/exposure/probes.ts";
import { jsonAnswer } from "./answers.ts";
import type { TokenCheck } from "./bearer_token.ts";
import type { Inspect } from "./inspect.ts";
import { readOnly } from "./read_only.ts";

/**
 * For probes, which carry no token.
 *
 * - `/livez`: 200 as long as the process serves, also while it drains.
 * - `/readyz`, `/ready`: 200; 503 while it starts or drains, while a listener does not listen, and while no endpoint of a
 *   required upstream may take requests. `reasons` say which.
 * - `/health`: 200 with status `pass` or `warn`, 503 with `fail`: as `/readyz`, upstream by upstream.
 *
 * @param knows tells who may see endpoints in `/health`; `null`: everybody
 */
export function healthArea(inspect: Inspect, knows: TokenCheck | null): Hono {
  const readiness = async () => answer(ready(await inspect.notReady()));
  return readOnly({
    "/livez": () => answer(live()),
    "/readyz": readiness,
    "/ready": readiness,
    "/health": async ({ req }) => {
      const seen = knows === null || knows(req.header("authorization")), found = await inspect.health();
      return answer(health(seen ? found : withoutEndpoints(found)));
    },
  });
}

function answer({ status, value }: ProbeAnswer): Response {
  return jsonAnswer(value, status);
}
