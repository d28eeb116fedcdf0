/** Addresses that can only be read. @module */

import { type Context, Hono } from "hono";
import type { MaybePromise } from "../core/handler.ts";
import { problemAnswer } from "./answers.ts";

/** A sub-app that answers GET and HEAD at each path, and 405 to every other method. */
export function readOnly(paths: Readonly<Record<string, (c: Context) => MaybePromise<Response>>>): Hono {
  const app = new Hono();
  for (const [path, read] of Object.entries(paths)) {
    app.get(path, (c) => read(c));
    app.all(path, () => problemAnswer(405, "method_not_allowed", "Use GET.", { allow: "GET, HEAD" }));
  }
  return app;
}
