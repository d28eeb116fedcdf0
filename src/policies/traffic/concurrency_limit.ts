/**
 * The `concurrencyLimit` policy: so many requests under way for each key, and a short line of those who wait.
 *
 * @module
 */

import type { Exchange } from "../../core/exchange.ts";
import type { FactsOf } from "../../core/facts.ts";
import type { Handler } from "../../core/handler.ts";
import type { Key } from "../../core/key.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import { type Duration, formatDuration } from "../../core/units.ts";
import {
  byClient,
  describeKey,
  factsOfKey,
  type KeyFunction,
  type KeyOption,
  type KeySpec,
  keyTextReader,
} from "../keys/key_spec.ts";
import { clientLeft } from "./client_left.ts";
import { type ConcurrencyLimitPlan, concurrencyLimitSchema, MOST } from "./concurrency_limit_schema.ts";
import { type LineLimits, type Place, Places } from "./overload/places.ts";
import { refusal } from "./overload/refusal.ts";

/** The problem's code, and the exchange's. */
const LIMITED = "concurrency_limited";
/** Keys that every request of a route has in the same way. */
const SHARED: readonly string[] = ["global", "route"];
/** Milliseconds. */
const QUEUE_TIMEOUT = 1_000;

/** A key that is known with a request's head, and that several requests can share. */
export type CountedKey = Exclude<Key, `form:${string}` | "request:id">;

/** Options of {@link concurrencyLimit}. */
export interface ConcurrencyLimitOptions<K extends CountedKey | KeyFunction = CountedKey | KeyFunction> {
  /**
   * Most requests under way for each key, from 1. One is under way until the last byte of its answer is out or its
   * client has gone; a WebSocket until it is closed.
   */
  readonly max: number;
  /**
   * Most requests of each key that wait for a place, first come, first served; 0: none does. Waiting helps against
   * bursts; against too many requests in the long run, a line only adds its length to every answer's time.
   *
   * @default 0
   */
  readonly queue?: number;
  /**
   * How long one may wait, to 50 ms.
   *
   * @default "1s"
   */
  readonly queueTimeout?: Duration;
  /**
   * What is counted by: a key, the first of several that a request has, or a function. Requests with none of them share
   * one count. `"ip"` counts an IPv6 client by its /64, as one client has all of it; `"ip/32/128"` counts each address.
   *
   * With `"global"` and `"route"` a refusal is a 503, as the service has too much to do; with every other key it is a
   * 429, as this client has.
   *
   * @default "global", which is all that passes here
   */
  readonly key?: KeySpec<K>;
}

/**
 * Limits the requests under way. Those beyond it wait, if they may, or are refused with `concurrency_limited` and a
 * `Retry-After`. A client that leaves gives its place back at once.
 *
 * @example
 * ```ts
 * import { concurrencyLimit } from "gatewright";
 *
 * const policy = concurrencyLimit({ max: 10, queue: 20, queueTimeout: "500ms", key: ["header:x-api-key", "ip"] });
 * console.log(policy.kind); // concurrencyLimit
 * ```
 */
export function concurrencyLimit<const K extends CountedKey | KeyFunction = "global">(
  options: ConcurrencyLimitOptions<K>,
): Policy<"concurrencyLimit", FactsOf<K>, never> {
  return recordPolicy(concurrencyLimitDefinition, options);
}

/** The `concurrencyLimit` policy's options, its facts and what it is built into. */
export const concurrencyLimitDefinition: PolicyDefinition<ConcurrencyLimitPlan> = {
  kind: "concurrencyLimit",
  schema: concurrencyLimitSchema,
  facts: ({ key }) => ({ needs: factsOfKey(key) }),
  traits: () => ({ guard: false }),
  warnings({ queue, queueTimeout }) {
    if (queue > 0 || queueTimeout === undefined) return [];
    const message = "nobody waits here, as queue is 0", remedy = "a queue, such as queue: 20, or no queueTimeout";
    return [{ at: ["queueTimeout"], message, seen: formatDuration(queueTimeout), remedy }];
  },
  describe({ max, queue, queueTimeout = QUEUE_TIMEOUT, key }) {
    const by = isGlobal(key) ? "" : ` per ${describeKey(key)}`;
    const line = queue === 0 ? "" : `, ${queue} waiting for ${formatDuration(queueTimeout)}`;
    return `concurrencyLimit: ${max} under way${by}${line}`;
  },
  build({ max, queue, queueTimeout = QUEUE_TIMEOUT, key }, env, id) {
    const bound = env.knob(`${id}/max`, max, { min: 1, max: MOST });
    const places = env.state(id, { key: describeKey(key) }, () => new Places(bound));
    const limits: LineLimits = { queue, queueTimeout };
    const keyOf = keyTextReader(byClient(key), env.log), refuse = refusalFor(key, limits);
    return (next) => (exchange) => {
      const place = places.enter(keyOf(exchange), limits, env.deadlines);
      if (place === null) return refuse(exchange);
      exchange.onAbort(place);
      if (place.settled !== null) return whenHeld(place, exchange, next, refuse);
      return place.held ? next(exchange) : clientLeft(exchange);
    };
  },
};

async function whenHeld(place: Place, exchange: Exchange, next: Handler, refuse: Handler): Promise<Reply> {
  await place.settled;
  if (place.held) return next(exchange);
  exchange.offAbort(place);
  return exchange.aborted ? clientLeft(exchange) : refuse(exchange);
}

function refusalFor(key: KeyOption, { queue, queueTimeout }: LineLimits): (exchange: Exchange) => Reply {
  // Later than that, everybody who waits now has gone on or given up.
  const retryAfter = queue === 0 ? 1 : Math.max(1, Math.ceil(queueTimeout / 1_000));
  return tellsClientsApart(key)
    ? refusal({ status: 429, code: LIMITED, detail: "You have too many requests under way.", retryAfter })
    : refusal({ status: 503, code: LIMITED, detail: "Too many requests are under way here.", retryAfter });
}

function isGlobal(key: KeyOption): boolean {
  return typeof key !== "function" && key.length === 1 && key[0] === "global";
}

/** Whether a key tells one client from another, so that a refusal is about the client and not about the service. */
function tellsClientsApart(key: KeyOption): boolean {
  return typeof key === "function" || !key.every((key) => SHARED.includes(key));
}
