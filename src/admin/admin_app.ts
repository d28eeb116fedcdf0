/** The admin interface: areas, and what guards them. @module */

import { Hono } from "hono";
import { type Log, silentLog } from "../core/log.ts";
import { problemAnswer } from "./answers.ts";
import { bearerToken, tokenCheck } from "./bearer_token.ts";
import { cacheArea } from "./cache.ts";
import { configArea } from "./config.ts";
import { healthArea } from "./health.ts";
import type { Inspect } from "./inspect.ts";
import { loopbackHost } from "./loopback_host.ts";
import { metricsArea } from "./metrics.ts";
import { routesArea } from "./routes.ts";
import { upstreamsArea } from "./upstreams.ts";

/**
 * Puts the areas together.
 *
 * @param token asked of everybody but probes; `null`: nobody is asked, and only requests for loopback are answered
 * @param log hears of what went wrong inside; the client does not
 */
export function adminApp(inspect: Inspect, token: string | null, log: Log = silentLog): Hono {
  const app = new Hono(), check = token === null ? null : tokenCheck(token);
  app.notFound(() => problemAnswer(404, "not_found", "There is nothing at this address."));
  app.onError((error) => {
    log.error("an admin request failed", { error });
    return problemAnswer(500, "internal_error", "The request failed inside the gateway; its log has the cause.");
  });
  if (check === null) app.use(loopbackHost);
  // Before the lock: probes carry no token.
  app.route("/", healthArea(inspect, check));
  if (check !== null) app.use(bearerToken(check));
  app.route("/", metricsArea(inspect));
  app.route("/", configArea(inspect));
  app.route("/", routesArea(inspect));
  app.route("/", upstreamsArea(inspect));
  app.route("/", cacheArea(inspect));
  return app;
}
