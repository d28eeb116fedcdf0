/** What a policy or a terminal is given when the config is compiled. @module */

import type { Clock } from "./clock.ts";
import type { Consumers } from "./consumers.ts";
import type { Events } from "./events.ts";
import type { Exchange } from "./exchange.ts";
import type { Handler } from "./handler.ts";
import type { Log } from "./log.ts";
import type { Random } from "./random.ts";
import type { Reply } from "./reply.ts";
import type { SecretReader } from "./secret.ts";
import type { Store } from "./store.ts";
import type { TimerWheel } from "./timer_wheel.ts";
import type { Tracing } from "./trace.ts";

/** A number that a controller may turn while traffic flows. */
export interface Knob {
  readonly id: string;
  /** Read it where it is used: it may differ at the next request. */
  readonly value: number;
}

/** Bounds that a knob never leaves. */
export interface KnobRange {
  readonly min: number;
  readonly max: number;
}

/** Everything that a part of the plan may use of the world. */
export interface BuildEnv {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly events: Events;
  /** `null`: there are no traces. */
  readonly tracing: Tracing | null;
  /** Upper bounds, in seconds and rising, that durations are counted by for metrics. @default nobody reads them */
  readonly durationBounds?: readonly number[];
  /** Deadlines of the data path. */
  readonly deadlines: TimerWheel;
  readonly secrets: SecretReader;
  /**
   * Mutable state that outlives a reload. Returns what an earlier call made under the same `id` when its `shape` is the
   * same (compared by structure), else makes it anew. A node that vanished from the config loses its state at the next
   * reload; state with a `close()` is closed then.
   */
  state<T extends object>(id: string, shape: unknown, create: () => T): T;
  /**
   * An open store by its name in the config; without a name, that of policies that name none. It outlives a reload as
   * {@link state} does.
   */
  store(name?: string): Store;
  /** The store in this process's memory, whatever the config says: what counts while another one is away. */
  localStore(): Store;
  /** The consumers of the config. */
  readonly consumers: Consumers;
  /**
   * The answer to an exchange whose chain threw: for policies whose work must reach that answer too. It logs the cause.
   */
  failed(exchange: Exchange, cause: unknown): Reply;
  /** A handler that sends an exchange to an upstream (by name) or a URL: how a policy calls a service. It may be asked for while traffic flows, too. */
  dispatch(upstreamOrUrl: string): Handler;
  /** A knob: the same object for the same id; a new `initial` puts it back, a new range clamps it. */
  knob(id: string, initial: number, range: KnobRange): Knob;
}
