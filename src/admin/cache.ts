/** `/cache` and `/cache/purge`: what caches hold, and taking it out. @module */

import { Hono } from "hono";
import { jsonAnswer, problemAnswer } from "./answers.ts";
import type { Inspect } from "./inspect.ts";
import { jsonBody } from "./json_body.ts";
import { purgeOrder } from "./purge_order.ts";
import { readOnly } from "./read_only.ts";

/**
 * `GET /cache` shows each cache: answers, bytes, hits. `POST /cache/purge` takes `{ url | prefix | tag | all, soft?, cache? }`
 * and answers how many answers it has taken out, of which caches; 502 where it was done here, but a store was away.
 */
export function cacheArea(inspect: Inspect): Hono {
  const app = new Hono();
  app.route("/", readOnly({ "/cache": async () => jsonAnswer({ caches: await inspect.caches() }) }));
  app.post("/cache/purge", async ({ req }) => {
    const body = await jsonBody(req.raw);
    if (body instanceof Response) return body;
    const read = purgeOrder(body.value);
    if (typeof read === "string") return problemAnswer(400, "bad_request", read);
    const { caches, removed, failures } = await inspect.purge(read.order, read.cache);
    if (read.cache !== undefined && caches.length === 0) {
      return problemAnswer(404, "not_found", `There is no cache "${read.cache}"; GET /cache lists them.`);
    }
    if (failures.length > 0) {
      const detail = `Purged in this gateway, not in others: ${failures.join("; ")}.`;
      return problemAnswer(502, "store_unavailable", detail);
    }
    return jsonAnswer({ removed, caches });
  });
  app.all("/cache/purge", () => problemAnswer(405, "method_not_allowed", "Use POST.", { allow: "POST" }));
  return app;
}
