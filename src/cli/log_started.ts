/** A start as log entries, for programs. @module */

import type { Log } from "../core/log.ts";
import { addressUrl } from "./address_text.ts";
import type { Started } from "./started.ts";

/** One entry for each thing that listens, and a last one for the whole. */
export function logStarted({ version, source, plan, listeners, admin, demos }: Started, log: Log): void {
  for (const { kind, url } of demos) log.info("demo endpoint listening", { kind, url });
  if (admin !== null) log.info("admin listening", { url: addressUrl(admin), ...admin });
  for (const listener of listeners) log.info("listening", { url: addressUrl(listener), ...listener });
  log.info("started", { version, config: source, routes: plan.routes.length, upstreams: plan.upstreams.length });
}
