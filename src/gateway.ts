/** The composition root: a plan and a world become a running gateway. @module */

import { assemble } from "./compile/assemble.ts";
import type { ListenerPlan, Plan } from "./compile/plan.ts";
import type { CacheReport } from "./core/answer_cache.ts";
import type { Knob } from "./core/build_env.ts";
import { type Clock, systemClock } from "./core/clock.ts";
import { Events } from "./core/events.ts";
import { type Log, silentLog } from "./core/log.ts";
import type { Purge } from "./core/purge.ts";
import { type Random, systemRandom } from "./core/random.ts";
import type { SecretReader } from "./core/secret.ts";
import type { Regions } from "./core/store.ts";
import { TimerWheel } from "./core/timer_wheel.ts";
import type { Tracing } from "./core/trace.ts";
import { CidrSet, isCidrError } from "./http/cidr.ts";
import { ClientAddresses } from "./http/client_address.ts";
import { RequestIds } from "./http/request_id.ts";
import { completedEvent } from "./runtime/completed_event.ts";
import { drain } from "./runtime/drain.ts";
import type { Engine, EngineHost } from "./runtime/engine.ts";
import { type Health, healthOf, notReady } from "./runtime/exposure/health.ts";
import type { MetricsPage } from "./runtime/exposure/pages.ts";
import { Knobs } from "./runtime/knobs.ts";
import { failureOf } from "./runtime/handler_failure.ts";
import { Methods } from "./runtime/intake/method.ts";
import { overloadReply } from "./runtime/intake/overload.ts";
import type { ListenerReport } from "./runtime/listener_report.ts";
import type { ConfigState } from "./runtime/metrics/state_metrics.ts";
import { cachesIn, purgeCaches, type PurgeReport } from "./runtime/purge_caches.ts";
import type { PurgeChannel } from "./runtime/purge_channel.ts";
import { SharedRegions } from "./runtime/shared_regions.ts";
import { startEngine } from "./runtime/start_engine.ts";
import { Snapshot } from "./runtime/snapshot.ts";
import { StateRegistry } from "./core/state_registry.ts";
import { type MakeBufferPool, makeBufferPool } from "./transport/buffer_pool.ts";
import { connect } from "./transport/connect.ts";
import { Http1Client } from "./transport/http1_client.ts";
import type { Connect } from "./transport/socket.ts";
import { type EndpointLatencies, endpointLatencies } from "./upstreams/endpoint_latencies.ts";
import { type UpstreamReport, upstreamReport } from "./upstreams/upstream_report.ts";

/** What a gateway takes from outside; all of it can be replaced in tests. */
export interface GatewayWorld {
  /** @default the system's clock */
  readonly clock: Clock;
  /** @default the runtime's generator */
  readonly random: Random;
  /** @default nothing is logged */
  readonly log: Log;
  /** @default a bus of its own */
  readonly events: Events;
  /** Makes traces; whoever gives it closes it. @default there are none */
  readonly tracing: Tracing | null;
  /** What listeners with `expose: ["metrics"]` answer; it may ask this gateway. @default there are none */
  readonly metrics: MetricsPage | null;
  /** @default no secret can be read */
  readonly secrets: SecretReader;
  /** Memory that the threads of the process have in common. @default this gateway's own */
  readonly regions: Regions;
  /** The other threads of the process, for purges. @default there are none */
  readonly purges: PurgeChannel | null;
  /** How endpoints are connected to. @default the runtime's sockets */
  readonly connect: Connect;
  /** @default plain pools */
  readonly makePool: MakeBufferPool;
}

/** Where a listener can be reached. */
export interface ListenerAddress {
  readonly scheme: "http" | "https";
  /** The absolute path of a Unix socket, whose port is 0. */
  readonly hostname: string;
  readonly port: number;
}

/** A gateway: started once, stopped once. */
export class Gateway {
  readonly plan: Plan;
  readonly events: Events;
  readonly #world: GatewayWorld;
  readonly #deadlines: TimerWheel;
  readonly #states = new StateRegistry();
  readonly #knobs = new Knobs();
  #engines: Engine[] = [];
  #client: Http1Client | null = null;
  #snapshot: Snapshot | null = null;
  #draining = false;
  #stopped: Promise<{ readonly drained: boolean }> | null = null;

  constructor(plan: Plan, world: Partial<GatewayWorld> = {}) {
    this.plan = plan;
    this.#world = {
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      secrets: () => ({ error: "there is no reader of secrets" }),
      regions: new SharedRegions(),
      purges: null,
      tracing: null,
      metrics: null,
      connect,
      makePool: makeBufferPool,
      events: new Events(),
      ...world,
    };
    this.events = this.#world.events;
    this.#deadlines = new TimerWheel(this.#world.clock);
    this.#world.purges?.answer(async (order, cache) => {
      // Whoever told this thread has told the stores.
      const { removed } = await purgeCaches(cachesIn(this.#states.values, cache), order, true);
      return removed;
    });
  }

  /** Whether {@link stop} was called. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Where the listeners are; empty before the start. */
  get addresses(): readonly ListenerAddress[] {
    return this.#engines.map(({ address }, i) => ({ scheme: this.plan.listeners[i].scheme, ...address }));
  }

  /** Which config is in force. */
  configState(): ConfigState {
    const serving = this.#snapshot?.current;
    return { generation: serving === undefined ? 0 : 1, since: serving?.since ?? 0, lastReload: "none" };
  }

  /** The listeners as they are now, in the order of {@link addresses}. */
  listeners(): readonly ListenerReport[] {
    return this.#engines.map((engine) => engine.report());
  }

  /** The upstreams of the plan in force, as they are now; none before the start. */
  upstreams(): readonly UpstreamReport[] {
    return this.#snapshot?.current.upstreams.map(upstreamReport) ?? [];
  }

  /** How long their endpoints take to answer; empty where the config has no metrics. */
  latencies(): readonly EndpointLatencies[] {
    return this.#snapshot?.current.upstreams.flatMap(endpointLatencies) ?? [];
  }

  /** What the caches of this thread hold, and how they have done. */
  caches(): readonly CacheReport[] {
    return cachesIn(this.#states.values).map((cache) => cache.report());
  }

  /**
   * Takes answers out of the caches, in this thread, in the others and wherever caches share a store.
   *
   * @param cache id of the only one that is meant; those of other policies stay as they are
   */
  async purge(order: Purge, cache?: string): Promise<PurgeReport> {
    // First here, with the stores: what the others ask of those must be gone by then.
    const report = await purgeCaches(cachesIn(this.#states.values, cache), order);
    const others = await this.#world.purges?.tell(order, cache) ?? 0;
    return { ...report, removed: report.removed + others };
  }

  /** The numbers that a controller may turn. */
  knobs(): readonly Knob[] {
    return this.#knobs.list();
  }

  /** Why it is not ready, in words; empty when it is. */
  notReadyReasons(): readonly string[] {
    if (this.#draining) return ["draining"];
    if (this.#engines.length === 0) return ["not started"];
    const upstreams = this.#snapshot?.current.upstreams.filter(({ plan }) => plan.required) ?? [];
    return notReady(this.#engines, upstreams.map(upstreamReport));
  }

  /** How it does, upstream by upstream. */
  health(): Health {
    return healthOf(this.notReadyReasons(), this.upstreams());
  }

  /**
   * Builds the plan and listens.
   * @throws ConfigError when something the plan names cannot be had; the runtime's error, such as
   *   `Deno.errors.AddrInUse`, when a listener cannot listen. Then nothing is left open.
   */
  start(): void {
    const { clock, random, log, events, tracing, secrets, regions } = this.#world;
    try {
      const client = this.#client = new Http1Client(this.#world.connect, this.#deadlines, this.#world.makePool);
      this.#states.begin();
      const { state } = this.#states, { knob } = this.#knobs;
      const assembled = assemble(this.plan, {
        clock,
        random,
        log,
        failed: (exchange, cause) => failureOf(exchange, cause, log),
        events,
        tracing,
        secrets,
        regions,
        deadlines: this.#deadlines,
        state,
        knob,
      }, client);
      this.#states.commit();
      this.#snapshot = new Snapshot({ plan: this.plan, since: clock.wall(), ...assembled });
      const host = this.#engineHost(this.#snapshot);
      for (const listener of this.plan.listeners) this.#engines.push(this.#listen(listener, host));
    } catch (error) {
      for (const engine of this.#engines.splice(0)) engine.abort();
      this.#close();
      throw error;
    }
  }

  /**
   * Stops: readiness off, `shutdown.delay`, listeners closed, exchanges drained up to `shutdown.grace`.
   * @returns whether every exchange ended by itself
   */
  stop(): Promise<{ readonly drained: boolean }> {
    return this.#stopped ??= this.#stop();
  }

  async #stop(): Promise<{ readonly drained: boolean }> {
    this.#draining = true;
    const drained = await drain(this.#engines, this.plan.shutdown, this.#world.clock);
    this.#close();
    return { drained };
  }

  #close(): void {
    this.#states.close();
    this.#client?.close();
    this.#deadlines.close();
  }

  #listen(listener: ListenerPlan, host: EngineHost): Engine {
    const { clock, log, secrets, makePool } = this.#world,
      { paths, requestId, trustedProxies, methods, listeners } = this.plan;
    const at = listeners.length === 1 ? "listen" : `listen[${listeners.indexOf(listener)}]`;
    return startEngine(listener, at, {
      host,
      pages: {
        notReadyReasons: () => this.notReadyReasons(),
        health: () => this.health(),
        metrics: this.#world.metrics,
      },
      deadlines: this.#deadlines,
      clock,
      log: log.in("listeners"),
      secrets,
      makePool,
      tlsPort: () => this.#tlsPort(),
      facts: {
        paths,
        clients: new ClientAddresses(trustedSet(trustedProxies)),
        requestIds: new RequestIds(requestId),
        requestIdField: requestId.header,
        methods: new Methods(methods),
        clock,
      },
    });
  }

  #tlsPort(): number {
    return this.#engines[this.plan.listeners.findIndex(({ tls }) => tls !== null)]?.address.port ?? 443;
  }

  #engineHost(snapshot: Snapshot): EngineHost {
    const { events, clock, log, tracing } = this.#world;
    const draining = () => this.#draining;
    const local: EngineHost["local"] = (exchange, answer) =>
      tracing === null ? answer(exchange) : tracing.local(exchange, answer);
    return {
      requestIdField: this.plan.requestId.header,
      get draining() {
        return draining();
      },
      handle: (exchange) => snapshot.current.handle(exchange),
      overloaded: (exchange) => local(exchange, overloadReply),
      crashed: (exchange, cause) => local(exchange, (exchange) => failureOf(exchange, cause, log)),
      local,
      completed(exchange, status, bytesIn, bytesOut) {
        tracing?.completed(exchange, status, bytesIn, bytesOut);
        const duration = clock.now() - exchange.startedAt;
        events.emit("request.completed", completedEvent(exchange, status, duration, bytesIn, bytesOut));
        // Behind the event: what is given up now is not why the exchange ended as it did.
        exchange.end();
      },
    };
  }
}

/** @throws TypeError for an address that `check` complains of */
function trustedSet(addresses: readonly string[]): CidrSet {
  const set = CidrSet.parse(addresses);
  if (isCidrError(set)) throw new TypeError(set.issues.map(({ seen, error }) => `${seen}: ${error}`).join("; "));
  return set;
}
