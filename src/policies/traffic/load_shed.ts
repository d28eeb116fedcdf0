/**
 * The `loadShed` policy: refuses requests while this process has too much to do, the unimportant ones first.
 *
 * @module
 */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { FactsOf } from "../../core/facts.ts";
import { isFact, type Key, parseKey } from "../../core/key.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import { type Duration, formatDuration } from "../../core/units.ts";
import { type LoadShedPlan, loadShedSchema } from "./load_shed_schema.ts";
import { EventLoopDelay } from "./overload/event_loop_delay.ts";
import { InFlight } from "./overload/in_flight.ts";
import { delayPressure, type Priority, shedShare } from "./overload/priority.ts";
import { refusal } from "./overload/refusal.ts";

/** One of each for the process, whichever policies ask. */
const EVENT_LOOP = "loadShed/event-loop", IN_FLIGHT = "loadShed/in-flight";

/** Keys that whoever sends the request writes. */
const WRITTEN_BY_CLIENTS = /^(?:header|query|cookie):/;

/** A priority that differs from request to request. */
export interface PriorityBy<K extends Key = Key> {
  /**
   * The key whose value says the priority: `"route"`, whose values are the routes' ids, or `"consumer"`. A header can be
   * written by every client, unless an earlier hop or policy sets it.
   */
  readonly by: K;
  /** Priorities by value, which must be the same to the letter. */
  readonly is: { readonly [value: string]: Priority };
  /**
   * Priority of every other value, and of requests without one.
   *
   * @default "normal"
   */
  readonly otherwise?: Priority;
}

/** Options of {@link loadShed}. */
export interface LoadShedOptions<K extends Key = Key> {
  /**
   * How late the event loop may be before the normal requests are shed, from `"10ms"` to `"5s"`: how long work that is
   * ready waits for its turn, averaged over about a quarter of a second. The low ones are shed from half of it on; all the
   * normal ones, and then the high ones, from twice as much; the critical ones only where nothing else helps, at 32 times.
   * `false`: it does not matter. The measure costs one timer for the whole process.
   *
   * @default "100ms"
   */
  readonly maxEventLoopDelay?: Duration | false;
  /**
   * Most requests under way, of all routes together that have a `loadShed` with this setting. The low ones are shed from
   * 60 to 80 % of it, the normal ones from 80 % to the whole, the high ones from there to 120 %, and the critical ones only
   * near the double. One is under way until the last byte of its answer is out; a WebSocket until it is closed. One that
   * passes two of them counts twice.
   *
   * @default no limit
   */
  readonly maxInFlight?: number;
  /**
   * What is shed first: `"low"`, then `"normal"`, then `"high"`, and `"critical"` last. None of one is shed before all of
   * those that count less. Where several `loadShed` are on a request's way, the first decides first.
   *
   * @default "normal"
   */
  readonly priority?: Priority | PriorityBy<K>;
}

/**
 * Sheds load: refuses a share of the requests, with 503, `overloaded` and a `Retry-After`, as soon as this process comes
 * near to what it can bear. It belongs first in the chain, as a refusal then costs next to nothing. What the admin server
 * answers, health checks among it, does not pass here and is never shed.
 *
 * @example
 * ```ts
 * import { loadShed } from "gatewright";
 *
 * const policy = loadShed({
 *   maxInFlight: 500,
 *   priority: { by: "route", is: { "/checkout": "high", "/reports": "low" } },
 * });
 * console.log(policy.kind); // loadShed
 * ```
 */
export function loadShed<const K extends Key = never>(
  options: LoadShedOptions<K> = {},
): Policy<"loadShed", FactsOf<K>, never> {
  return recordPolicy(loadShedDefinition, options);
}

/** The `loadShed` policy's options, its facts and what it is built into. */
export const loadShedDefinition: PolicyDefinition<LoadShedPlan> = {
  kind: "loadShed",
  schema: loadShedSchema,
  facts: ({ priority }) => typeof priority !== "string" && isFact(priority.by) ? { needs: [priority.by] } : {},
  warnings({ priority }) {
    if (typeof priority === "string" || !WRITTEN_BY_CLIENTS.test(priority.by)) return [];
    return Object.entries(priority.is).filter(([, priority]) => priority === "critical").map(([value]) => ({
      at: ["priority", "is", value],
      message: `every client can write "${value}" into ${priority.by}, and is then hardly ever shed`,
      seen: "critical",
      remedy: '"high", or a key that clients cannot choose',
    }));
  },
  traits: () => ({ guard: false }),
  describe({ maxEventLoopDelay, maxInFlight, priority }) {
    const bounds = [
      ...(maxEventLoopDelay === null ? [] : [`event loop ${formatDuration(maxEventLoopDelay)} late`]),
      ...(maxInFlight === undefined ? [] : [`${maxInFlight} under way`]),
    ];
    const whose = typeof priority === "string" ? `${priority} priority` : `priority by ${priority.by}`;
    return `loadShed: ${bounds.join(" or ")}, ${whose}`;
  },
  build({ maxEventLoopDelay, maxInFlight, priority }, env) {
    const delay = maxEventLoopDelay === null ? null : eventLoopOf(env);
    const inFlight = maxInFlight === undefined ? null : env.state(IN_FLIGHT, null, () => new InFlight());
    const delayBound = maxEventLoopDelay ?? Infinity, inFlightBound = maxInFlight ?? Infinity;
    const priorityOf = priorityReader(priority), { random } = env;
    const detail = "The gateway has too much to do.";
    const refuse = refusal({ status: 503, code: "overloaded", detail, retryAfter: 1 });
    return (next) => (exchange) => {
      const late = delay === null ? 0 : delayPressure(delay.value, delayBound);
      const full = inFlight === null ? 0 : inFlight.count / inFlightBound;
      const share = shedShare(priorityOf(exchange), Math.max(late, full));
      if (share > 0 && (share === 1 || random() < share)) return refuse(exchange);
      if (inFlight !== null) exchange.onAbort(inFlight.enter());
      return next(exchange);
    };
  },
};

function eventLoopOf({ state, clock }: BuildEnv): EventLoopDelay {
  return state(EVENT_LOOP, null, () => new EventLoopDelay(clock));
}

function priorityReader(priority: LoadShedPlan["priority"]): (exchange: Exchange) => Priority {
  if (typeof priority === "string") return () => priority;
  const { otherwise } = priority, read = parseKey(priority.by)!, byValue = new Map(Object.entries(priority.is));
  return (exchange) => {
    const value = read(exchange);
    return value === undefined ? otherwise : byValue.get(value) ?? otherwise;
  };
}
