/** The admin interface's own listener. @module */

import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { ServeListener } from "../runtime/serve/listener.ts";

/** What {@link startAdmin} needs of the world. */
export interface AdminEnv {
  readonly clock: Clock;
  readonly log: Log;
}

/** A running admin interface. */
export interface Admin {
  readonly address: { readonly hostname: string; readonly port: number };
  /** Takes no more connections and resolves when answers under way are out. */
  stop(): Promise<void>;
}

/**
 * Serves the admin app on a listener of its own, apart from traffic, which comes back when the runtime ends it.
 * @throws Deno.errors.AddrInUse when the port is taken
 */
export function startAdmin(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  app: { fetch(request: Request): Response | Promise<Response> },
  { clock, log }: AdminEnv,
): Admin {
  const listener = new ServeListener({ hostname, port }, (request) => app.fetch(request), clock, log);
  return { address: listener.address, stop: () => listener.drain() };
}
