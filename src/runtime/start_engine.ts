/** Which engine a listener gets. @module */

import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import type { ListenerPlan } from "../compile/plan.ts";
import type { Engine, EngineHost } from "./engine.ts";
import { H1Engine } from "./h1/h1_engine.ts";
import { redirectingHost } from "./https_redirect.ts";
import type { RequestFacts } from "./intake/request_facts.ts";
import { ServeRequests } from "./serve/requests.ts";
import { ServeEngine } from "./serve/serve_engine.ts";

/** What every engine needs of the gateway. */
export interface EngineWorld {
  readonly host: EngineHost;
  readonly facts: RequestFacts;
  readonly deadlines: TimerWheel;
  readonly clock: Clock;
  readonly log: Log;
  /** The port that the listener with TLS was given, for one that redirects to it. */
  tlsPort(): number;
}

/** Listens. @throws the runtime's error, such as `Deno.errors.AddrInUse` */
export function startEngine(listener: ListenerPlan, world: EngineWorld): Engine {
  const { facts, deadlines, clock, log } = world, { address, limits, scheme, redirect } = listener;
  const host = redirect === null ? world.host : redirectingHost(world.host, () => redirect.port || world.tlsPort());
  if (listener.engine === "h1") return new H1Engine({ listen: listener, host, facts, clock, log });
  if (address.kind === "unix") throw new TypeError(`this engine does not listen on ${address.path}`);
  const requests = new ServeRequests(facts, limits, scheme);
  return new ServeEngine({ listen: address, maxInFlight: limits.inFlight, host, requests, deadlines, clock, log });
}
