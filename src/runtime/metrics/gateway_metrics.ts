/** Everything that is told of a gateway's state at each scrape; what is told of its requests is counted elsewhere. @module */

import type { CacheReport } from "../../core/answer_cache.ts";
import type { Clock } from "../../core/clock.ts";
import type { Events } from "../../core/events.ts";
import type { MetricsRegistry } from "../../telemetry/metrics/metrics_registry.ts";
import type { ListenerReport } from "../listener_report.ts";
import { BreakerChanges } from "./breaker_metrics.ts";
import { cacheMetrics } from "./cache_metrics.ts";
import { EventLoopDelays } from "./event_loop_delays.ts";
import { listenerMetrics } from "./listener_metrics.ts";
import { processMetrics } from "./process_metrics.ts";
import { stateMetrics, type StateSources, type ToldOfProcess } from "./state_metrics.ts";
import { upstreamMetrics, type UpstreamSources } from "./upstream_metrics.ts";

/** The gateway, as far as metrics look at it. */
export interface MeteredGateway extends StateSources, UpstreamSources {
  readonly events: Events;
  readonly addresses: readonly { readonly hostname: string; readonly port: number }[];
  listeners(): readonly ListenerReport[];
  caches(): readonly CacheReport[];
}

/** What the gateway itself does not know. */
export interface MeteredWorld extends ToldOfProcess {
  readonly clock: Clock;
}

/**
 * Has the gateway's state told by `registry`, from before its start on. Nothing of it runs between scrapes but a timer, and a
 * counter for each change of a breaker.
 *
 * @returns what ends it
 */
export function gatewayMetrics(registry: MetricsRegistry, gateway: MeteredGateway, world: MeteredWorld): () => void {
  const delay = new EventLoopDelays(world.clock), breakers = new BreakerChanges(gateway.events);
  const listeners = () => {
    const { addresses } = gateway;
    return gateway.listeners().map((report, i) => ({ name: nameOf(addresses[i]), report }));
  };
  const ends = [
    stateMetrics(gateway, world),
    listenerMetrics(listeners),
    upstreamMetrics(gateway),
    breakers.collect,
    cacheMetrics(() => gateway.caches()),
    processMetrics(),
    delay.collect,
  ].map((collector) => registry.collect(collector));
  return () => {
    for (const end of ends) end();
    delay.close();
    breakers.close();
  };
}

/** A Unix socket has no port; the colons of IPv6 get brackets. */
function nameOf({ hostname, port }: { readonly hostname: string; readonly port: number }): string {
  if (port === 0) return hostname;
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
