/** The demo endpoint that answers at once. @module */

import { type DemoEnv, type DemoServer, jsonAnswer, serveDemo } from "./demo_server.ts";

/** Starts it. @throws Deno.errors.AddrInUse when the port is taken */
export function startFast(port: number, env: DemoEnv): DemoServer {
  return serveDemo(port, env, (port) => jsonAnswer(200, { demo: "fast", port }));
}
