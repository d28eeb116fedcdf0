/** Which engine a listener gets. @module */

import { usableMaterial } from "../config/certificates/usable_material.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { SecretReader } from "../core/secret.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import type { ListenerPlan } from "../compile/plan.ts";
import type { MakeBufferPool } from "../transport/buffer_pool.ts";
import type { Engine, EngineHost } from "./engine.ts";
import { H1Engine } from "./listener/h1_engine.ts";
import { exposingHost } from "./exposure/exposing_host.ts";
import { pagesOf, type PageSources } from "./exposure/pages.ts";
import { redirectingHost } from "./https_redirect.ts";
import type { RequestFacts } from "./intake/request_facts.ts";
import { ServeRequests } from "./serve/requests.ts";
import { ServeEngine } from "./serve/serve_engine.ts";
import { DEFAULT_RELAY_LIMITS } from "./serve/websocket/relay_limits.ts";
import { TlsTerminator } from "./tls/tls_terminator.ts";

/** What every engine needs of the gateway. */
export interface EngineWorld {
  readonly host: EngineHost;
  readonly facts: RequestFacts;
  readonly deadlines: TimerWheel;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: SecretReader;
  readonly makePool: MakeBufferPool;
  /** What listeners answer beside routes, where they are told to. */
  readonly pages: PageSources;
  /** The port that the listener with TLS was given, for one that redirects to it. */
  tlsPort(): number;
}

/**
 * Listens.
 *
 * @param at where the listener is in the config, for messages
 * @throws ConfigError where a certificate cannot be used; the runtime's error, such as `Deno.errors.AddrInUse`
 */
export function startEngine(listener: ListenerPlan, at: string, world: EngineWorld): Engine {
  const { facts, deadlines, clock, log, secrets, makePool } = world,
    { address, limits, scheme, redirect, timeouts } = listener;
  const routes = redirect === null ? world.host : redirectingHost(world.host, () => redirect.port || world.tlsPort());
  const pages = pagesOf(listener.expose, world.pages, clock),
    host = pages.size === 0 ? routes : exposingHost(routes, pages);
  if (listener.engine === "h1") {
    const tls = listener.tls === null
      ? null
      : new TlsTerminator(listener.tls, { at: `${at}.tls`, secrets, clock, log, timeout: timeouts.header, makePool });
    try {
      return new H1Engine({ listen: listener, tls, host, facts, clock, log, makePool });
    } catch (error) {
      tls?.close();
      throw error;
    }
  }
  const tls = listener.tls === null ? null : usableMaterial(listener.tls, secrets, `${at}.tls`, clock.wall());
  const requests = new ServeRequests(facts, limits, scheme);
  const sockets = { ...DEFAULT_RELAY_LIMITS, idle: timeouts.tunnel }, maxInFlight = limits.inFlight;
  return new ServeEngine({ listen: address, tls, sockets, maxInFlight, host, requests, deadlines, clock, log });
}
