/** The composition root: a plan and a world become a running gateway. @module */

import { assemble } from "./compile/assemble.ts";
import type { ListenerPlan, Plan } from "./compile/plan.ts";
import type { CacheReport } from "./core/answer_cache.ts";
import type { Knob } from "./core/build_env.ts";
import { type Clock, systemClock } from "./core/clock.ts";
import { Events } from "./core/events.ts";
import type { Exchange } from "./core/exchange.ts";
import { type Log, silentLog } from "./core/log.ts";
import type { Purge } from "./core/purge.ts";
import { type Random, systemRandom } from "./core/random.ts";
import type { Reply } from "./core/reply.ts";
import type { SecretReader } from "./core/secret.ts";
import type { Regions } from "./core/store.ts";
import { TimerWheel } from "./core/timer_wheel.ts";
import type { Tracing } from "./core/trace.ts";
import { CidrSet, isCidrError } from "./http/cidr.ts";
import { ClientAddresses } from "./http/client_address.ts";
import { RequestIds } from "./http/request_id.ts";
import { drain } from "./runtime/drain.ts";
import type { Engine, EngineHost } from "./runtime/engine.ts";
import { Knobs } from "./runtime/knobs.ts";
import { failureOf } from "./runtime/handler_failure.ts";
import { Methods } from "./runtime/intake/method.ts";
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

  /** The upstreams of the plan in force, as they are now; none before the start. */
  upstreams(): readonly UpstreamReport[] {
    return this.#snapshot?.current.upstreams.map(upstreamReport) ?? [];
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
    return this.#engines.filter((engine) => !engine.listening).map(({ address }) =>
      `not listening on ${address.hostname}:${address.port}`
    );
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
      this.#snapshot = new Snapshot({ plan: this.plan, ...assembled });
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
      deadlines: this.#deadlines,
      clock,
      log,
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
    return {
      requestIdField: this.plan.requestId.header,
      get draining() {
        return draining();
      },
      handle: (exchange) => snapshot.current.handle(exchange),
      crashed: (exchange: Exchange, cause: unknown): Reply => failureOf(exchange, cause, log),
      completed(exchange, status, bytesIn, bytesOut) {
        tracing?.completed(exchange, status, bytesIn, bytesOut);
        events.emit("request.completed", {
          method: exchange.method,
          path: exchange.path,
          host: exchange.host,
          route: exchange.route,
          status,
          duration: clock.now() - exchange.startedAt,
          bytesIn,
          bytesOut,
          endpoint: exchange.endpoint,
          attempts: exchange.attempts,
          requestId: exchange.requestId,
          client: exchange.client.ip,
          error: exchange.error,
          limit: exchange.limit,
          auth: exchange.auth,
          cache: exchange.cache,
          identity: exchange.identity?.consumer ?? exchange.identity?.subject ?? "",
          reason: exchange.reason,
          traceId: exchange.trace === null ? "" : exchange.trace.traceId,
          traced: exchange.trace !== null && exchange.trace.span !== null,
          exchange,
        });
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
