/** A start as log entries, for programs. @module */

import type { Log } from "../core/log.ts";
import { addressUrl } from "./address_text.ts";
import type { Address, Started } from "./started.ts";

/** One entry for each thing that listens, and a last one for the whole. */
export function logStarted({ version, source, plan, listeners, admin, demos }: Started, log: Log): void {
  for (const { kind, url } of demos) log.info("demo endpoint listening", { kind, url });
  if (admin !== null) log.info("admin listening", { url: addressUrl(admin), ...admin });
  for (const listener of listeners) log.info("listening", { url: addressUrl(listener), ...whereabouts(listener) });
  log.info("started", { version, config: source, routes: plan.routes.length, upstreams: plan.upstreams.length });
}

function whereabouts({ hostname, port }: Address): Record<string, unknown> {
  return hostname.startsWith("/") ? { path: hostname } : { hostname, port };
}
