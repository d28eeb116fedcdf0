/** The demo endpoint that keeps its clients waiting. @module */

import { formatDuration } from "../../core/units.ts";
import { type DemoEnv, type DemoServer, jsonAnswer, serveDemo } from "./demo_server.ts";

/** Starts it. Each answer comes after `delay` milliseconds. @throws Deno.errors.AddrInUse when the port is taken */
export function startSlow(port: number, delay: number, env: DemoEnv): DemoServer {
  return serveDemo(port, env, (port) => {
    const answer = jsonAnswer(200, { demo: "slow", port, delay: formatDuration(delay) });
    return async (unwanted) => {
      await waited(delay, unwanted(), env);
      return answer();
    };
  });
}

/** Resolves after the delay, or as soon as nobody waits for it any more. */
function waited(ms: number, signal: AbortSignal, { clock }: DemoEnv): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  signal.addEventListener("abort", () => {
    cancel();
    resolve();
  }, { once: true });
  return promise;
}
