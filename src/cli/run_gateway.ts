/** A gateway as a process: up, until a signal, down. @module */

import { adminApp } from "../admin/admin_app.ts";
import { inspectPlan } from "../admin/inspect.ts";
import { startAdmin } from "../admin/start_admin.ts";
import type { AdminPlan, Plan } from "../compile/plan.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { Events } from "../core/events.ts";
import { systemRandom } from "../core/random.ts";
import type { SecretReader } from "../core/secret.ts";
import { formatDuration } from "../core/units.ts";
import { Gateway } from "../gateway.ts";
import { startDemos } from "../runtime/demo/start_demos.ts";
import type { ProcessLog } from "../telemetry/process_log/process_log.ts";
import { checkPorts } from "./check_ports.ts";
import { onRotation } from "./on_rotation.ts";
import { StartError, step } from "./start_failure.ts";
import type { Started } from "./started.ts";
import { startTelemetry } from "./start_telemetry.ts";
import { stopSignal } from "./stop_signals.ts";

/** How long the admin interface and the demo endpoints get to end, in milliseconds: nobody's traffic is on them. */
const SIDE_STOP_MS = 1000;

/** What {@link runGateway} needs besides the plan. */
export interface RunOptions {
  /** Whoever gives it closes it. */
  readonly processLog: ProcessLog;
  readonly secrets: SecretReader;
  /** Told once, when everything is up. */
  readonly onStarted: (started: Omit<Started, "version" | "source">) => void;
  /** Told at the first signal. */
  readonly onStopping: () => void;
}

/**
 * Brings everything up in the order in which it is needed, waits for SIGINT or SIGTERM, and takes it down: requests
 * first, then what shows and records them.
 *
 * @throws StartError or DemoError when something cannot be brought up; what was up by then is down again
 */
export async function runGateway(
  plan: Plan,
  { processLog, secrets, onStarted, onStopping }: RunOptions,
): Promise<void> {
  const { log } = processLog;
  const world = { clock: systemClock, random: systemRandom, events: new Events(), log, secrets };
  await checkPorts(plan);
  await using ends = new AsyncDisposableStack();
  const telemetry = await startTelemetry(plan, processLog, world);
  const forgetRotation = onRotation(() => telemetry.reopen(), log);
  ends.defer(async () => {
    await telemetry.close();
    // Last: where nobody listens, the system ends the process at that signal.
    forgetRotation();
  });
  const demos = await startDemos(plan, world);
  ends.defer(() => within(SIDE_STOP_MS, demos.stop(), world.clock));
  const gateway = new Gateway(plan, { ...world, tracing: telemetry.tracing, metrics: telemetry.metrics });
  telemetry.watch(gateway);
  await step("start the gateway", () => gateway.start());
  ends.defer(async () => void await gateway.stop());
  const admin = plan.admin && await step("start the admin interface", () => {
    const inspect = inspectPlan(plan, {
      notReady: () => gateway.notReadyReasons(),
      health: () => gateway.health(),
      metrics: telemetry.metrics,
      upstreams: () => gateway.upstreams(),
      caches: () => gateway.caches(),
      purge: (order, cache) => gateway.purge(order, cache),
    });
    const token = adminToken(plan.admin!, secrets), log = world.log.in("admin");
    return startAdmin(plan.admin!, adminApp(inspect, token, log), { clock: world.clock, log });
  });
  if (admin !== null) ends.defer(() => within(SIDE_STOP_MS, admin.stop(), world.clock));

  const stop = stopSignal(world.clock);
  onStarted({ plan, listeners: gateway.addresses, admin: admin?.address ?? null, demos: demos.running });
  await stop;
  onStopping();
  // Before the rest: readiness and the log are there until the last request is over.
  const { drained } = await gateway.stop();
  if (!drained) log.warn("requests were cut", { grace: formatDuration(plan.shutdown.grace) });
}

function adminToken(plan: AdminPlan, secrets: SecretReader): string | null {
  if (plan.token === null) return null;
  const token = secrets(plan.token);
  if ("error" in token) throw new StartError(`admin.token: ${token.error}`);
  if (!/^\S+$/.test(token.value)) throw new StartError("admin.token is empty or has white space in it");
  return token.value;
}

/** Waits for the work, but not for longer than this. */
async function within(ms: number, work: Promise<void>, clock: Clock): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(ms, late.resolve);
  await Promise.race([work, late.promise]);
  cancel();
}
