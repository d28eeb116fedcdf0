/** One look at an endpoint. @module */

import type { Cancel } from "../../core/clock.ts";

/** What a probe came to; `reason` is for people: `"status 503"`, `"no answer within 2s"`. */
export type ProbeResult = { readonly passed: true } | { readonly passed: false; readonly reason: string };

/**
 * Looks at an endpoint once, over a connection of its own. It does not throw. `settle` is called once, at once or later,
 * when everything that was opened is given up; not at all when the probe is cancelled first.
 */
export type Probe = (settle: (result: ProbeResult) => void) => Cancel;
