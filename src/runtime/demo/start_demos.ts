/** The demo endpoints of a plan. @module */

import type { Plan } from "../../compile/plan.ts";
import type { DemoPlan, EndpointPlan } from "../../upstreams/upstream_plan.ts";
import { DemoError } from "./demo_error.ts";
import type { DemoEnv, DemoServer } from "./demo_server.ts";
import { startEcho } from "./echo.ts";
import { startFast } from "./fast.ts";
import { startFaulty } from "./faulty.ts";
import { startSlow } from "./slow.ts";

/** A demo endpoint that runs. */
export interface RunningDemo {
  readonly kind: DemoPlan["kind"];
  /** `http://127.0.0.1:9001`. */
  readonly url: string;
  readonly plan: DemoPlan;
}

/** Every demo endpoint of a plan. */
export interface Demos {
  /** By port. */
  readonly running: readonly RunningDemo[];
  /** Stops them all, without waiting out any delay. */
  stop(): Promise<void>;
}

/**
 * Brings up each demo endpoint of the plan once, on loopback, however many upstreams name it.
 * @throws DemoError when a port is taken, or asked for by two that differ; none is left running then
 */
export async function startDemos(plan: Plan, env: DemoEnv): Promise<Demos> {
  const servers: DemoServer[] = [], running: RunningDemo[] = [];
  const stop = async () => void await Promise.all(servers.map((server) => server.stop()));
  try {
    for (const { port, demo, id } of byPort(plan)) {
      const server = await started(port, demo, env).catch((cause) => {
        throw isInUse(cause) ? portInUse(id, port) : cause;
      });
      servers.push(server);
      running.push({ kind: demo.kind, url: `http://127.0.0.1:${server.port}`, plan: demo });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { running, stop };
}

interface Wanted {
  readonly id: string;
  readonly port: number;
  readonly demo: DemoPlan;
}

function byPort(plan: Plan): Wanted[] {
  const wanted = new Map<number, Wanted>();
  for (const { id, address, demo } of plan.upstreams.flatMap(({ endpoints }): readonly EndpointPlan[] => endpoints)) {
    if (demo === null || address.kind === "unix") continue;
    const { port } = address;
    const other = wanted.get(port);
    if (other === undefined) wanted.set(port, { id, port, demo });
    else if (JSON.stringify(other.demo) !== JSON.stringify(demo)) {
      throw new DemoError(
        `the demo endpoints ${other.id} (${other.demo.kind}) and ${id} (${demo.kind}) differ but share port ${port}: ` +
          "give one of them another port",
      );
    }
  }
  return [...wanted.values()].sort((a, b) => a.port - b.port);
}

// Async, so that a port in use arrives as a rejection from each of them.
async function started(port: number, demo: DemoPlan, env: DemoEnv): Promise<DemoServer> {
  switch (demo.kind) {
    case "fast":
      return startFast(port, env);
    case "slow":
      return startSlow(port, demo.delay, env);
    case "faulty":
      return startFaulty(port, demo.failureRate, env);
    case "echo":
      return await startEcho(port, env);
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Deno.errors.AddrInUse ||
    (error instanceof Error && "code" in error && error.code === "EADDRINUSE");
}

function portInUse(id: string, port: number): DemoError {
  return new DemoError(
    `the demo endpoint ${id} cannot listen: port ${port} is in use; stop what listens there, or give demo() another port`,
  );
}
