/** The demo endpoint that fails now and then. @module */

import { type DemoEnv, type DemoServer, jsonAnswer, serveDemo } from "./demo_server.ts";

/**
 * Starts it.
 *
 * @param failureRate share of the requests that are answered with a 500, from 0 to 1
 * @throws Deno.errors.AddrInUse when the port is taken
 */
export function startFaulty(port: number, failureRate: number, env: DemoEnv): DemoServer {
  return serveDemo(port, env, (port) => {
    const answer = jsonAnswer(200, { demo: "faulty", port });
    const failure = jsonAnswer(500, { demo: "faulty", port, error: "one of the failures it is there for" });
    return () => env.random() < failureRate ? failure() : answer();
  });
}
