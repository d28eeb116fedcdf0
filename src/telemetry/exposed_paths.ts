/** The addresses that listeners answer beside routes, where they are told to. @module */

import type { Exposed } from "./telemetry_plan.ts";

/** Paths by what is exposed. */
export const EXPOSED_PATHS: Readonly<Record<Exposed, readonly string[]>> = {
  health: ["/livez", "/readyz", "/ready", "/health"],
  metrics: ["/metrics"],
};
