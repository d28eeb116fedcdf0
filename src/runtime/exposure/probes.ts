/** What probes are answered, whoever serves them. @module */

import type { Health } from "./health.ts";

/** A status, and a body of plain JSON. */
export interface ProbeAnswer {
  readonly status: 200 | 503;
  readonly value: unknown;
}

/**
 * `/livez`: the process serves. That holds also while it drains, and without any upstream: who restarts on it must not cut
 * a drain short, nor make an outage of others worse.
 */
export function live(): ProbeAnswer {
  return { status: 200, value: { live: true } };
}

/** `/readyz` and `/ready`: whether requests should be sent here, and why not. */
export function ready(reasons: readonly string[]): ProbeAnswer {
  const ready = reasons.length === 0;
  return { status: ready ? 200 : 503, value: { ready, reasons } };
}

/** `/health`: 503 only where it is not ready. What else is not well is told, and no reason to send traffic elsewhere. */
export function health(health: Health): ProbeAnswer {
  return { status: health.ready ? 200 : 503, value: health };
}
