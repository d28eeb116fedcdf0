/**
 * Waits until a started program serves.
 *
 * @module
 */
import { Agent } from "node:http";
import type { Child } from "./children.ts";
import { httpCall } from "./http_call.ts";

/** How long a program may take to serve, and how often it is asked, in milliseconds. */
const LIMIT = 20_000;
const INTERVAL = 20;

/**
 * Resolves once a GET to 127.0.0.1:`port` is answered, whatever the status. A connection that is accepted does not
 * suffice: a program may open its port for a moment to see whether it is free.
 *
 * @throws {Error} with the program's last words when it ends first or takes too long
 */
export async function untilServing(child: Child, port: number): Promise<void> {
  const agent = new Agent({ keepAlive: false });
  let problem: unknown;
  for (const start = performance.now(); performance.now() - start < LIMIT;) {
    if (child.gone) {
      const { code } = await child.ended;
      throw new Error(`${child.name} ended with ${code} instead of serving:\n${await child.lastWords()}`);
    }
    try {
      await httpCall(agent, port, "/", []);
      return;
    } catch (error) {
      problem = error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
  const last = problem instanceof Error ? problem.message : problem;
  throw new Error(`${child.name} does not serve after ${LIMIT / 1000} s: ${last}\n${await child.lastWords()}`);
}
