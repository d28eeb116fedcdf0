/**
 * The `adaptiveConcurrency` policy: a limit on the requests under way that finds itself, by latency.
 *
 * It is a gradient controller in the manner of Envoy's adaptive concurrency filter. The latency without load, which Envoy
 * calls minRTT, is measured by probes: for some requests the limit is much lower, so that none stands in a line. From then
 * on, each window compares its latency with that one, and the limit becomes `limit × gradient + √(limit × gradient)`, where
 * the gradient is the allowed latency by the present one, from 0.5 to 1. In a service with a line before it, the limit
 * settles somewhat above what the service works on at one time: its places stay busy, its line stays short. By Little's
 * law (requests under way = rate × latency) nothing needs to be known of the service itself.
 *
 * Lessons of Netflix's concurrency-limits are in it: the limit does not grow while it is not used, moves by half of the
 * way in a window, and reads a percentile, not a mean, which outliers would carry away. Further than either of them, a
 * probe keeps a quarter of the limit rather than a fixed few; it counts the requests that are not answered yet as slow
 * ones, as otherwise the fast ones alone would be measured; and the next one comes early where the latency seems to have
 * changed for good: where the limit has fallen and latency has not, or where all is faster than without load.
 *
 * - Envoy: Adaptive Concurrency, `envoy.filters.http.adaptive_concurrency`, in its documentation, and the source of
 *   `gradient_controller.cc`.
 * - Netflix, "Performance Under Load", 2018; github.com/Netflix/concurrency-limits, `Gradient2Limit`.
 * - Jacobson, "Congestion Avoidance and Control", 1988; Cardwell et al., "BBR: Congestion-Based Congestion Control",
 *   2016, for probes.
 *
 * @module
 */

import type { Exchange } from "../../core/exchange.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import { type Duration, formatDuration } from "../../core/units.ts";
import { adaptiveConcurrencySchema } from "./adaptive_concurrency_schema.ts";
import { AdaptiveLimit, type AdaptiveLimitPlan, type Admission } from "./overload/adaptive_limit.ts";
import { refusal } from "./overload/refusal.ts";

/** Too many requests (RFC 6585 §4): an answer that is not the work. */
const TOO_MANY = 429;

/** How {@link adaptiveConcurrency} measures the latency without load. */
export interface AdaptiveProbe {
  /**
   * Time from one probe to the next, from `"1s"`. A probe leaves a quarter of the limit, but not less than `min`, for some
   * ten latencies; where more are under way, those beyond it are refused. It takes a twentieth of the time at most.
   *
   * @default "30s"
   */
  readonly every?: Duration;
  /**
   * Share of `every`, from 0 to 1, by which a probe may come later, by chance, so that several gateways do not all probe
   * at one time.
   *
   * @default 0.1
   */
  readonly jitter?: number;
  /**
   * Requests that a probe measures, from 10 to 10000. With fewer it is shorter and less exact. One that has taken a second,
   * or five latencies where that is longer, goes without the rest of them.
   *
   * @default 50
   */
  readonly requests?: number;
}

/** Options of {@link adaptiveConcurrency}. */
export interface AdaptiveConcurrencyOptions {
  /**
   * The limit is never lower, also while a probe measures and before anything is known. A service that works on fewer
   * requests at one time than this is measured with a line before it, and taken for a slower one.
   *
   * @default 3
   */
  readonly min?: number;
  /**
   * The limit is never higher.
   *
   * @default 1000
   */
  readonly max?: number;
  /**
   * How long latencies are collected before the limit moves, from `"10ms"` to `"1m"`; longer where answers are slow or
   * few. A shorter one reacts faster, and to noise too.
   *
   * @default "100ms"
   */
  readonly window?: Duration;
  /**
   * Which latency stands for a window, as a share from 0.01 to 0.99: 0.5 is the median. A higher one sees the slow
   * requests sooner, and outliers.
   *
   * @default 0.5
   */
  readonly percentile?: number;
  /**
   * Share by which latency may exceed the one without load before the limit falls, from 0 to 10. A larger one keeps a
   * longer line before the service: more latency, and fewer refusals where latency differs from request to request.
   *
   * @default 0.25
   */
  readonly buffer?: number;
  /** How the latency without load is measured. */
  readonly probe?: AdaptiveProbe;
}

/**
 * Limits the requests under way to what the service behind it can take, and finds out by itself how many that are: as many
 * as do not make latency grow. Those beyond it are refused at once, with 503, `overloaded` and a `Retry-After`.
 *
 * Latency is the time from here to the head of the answer. A client that leaves is no sample, and neither are answers of
 * 5xx and 429, wherever they come from, as long as they are fast. A request is under way until the last byte of its answer
 * is out; a WebSocket only until it is open. One policy is right for requests of one kind: put it on the routes of one
 * service, behind a cache, and not on long polls and event streams, which hold their places for long.
 *
 * @example
 * ```ts
 * import { adaptiveConcurrency } from "gatewright";
 *
 * const policy = adaptiveConcurrency({ max: 500 });
 * console.log(policy.kind); // adaptiveConcurrency
 * ```
 */
export function adaptiveConcurrency(
  options: AdaptiveConcurrencyOptions = {},
): Policy<"adaptiveConcurrency", never, never> {
  return recordPolicy(adaptiveConcurrencyDefinition, options);
}

/** The `adaptiveConcurrency` policy's options and what it is built into. */
export const adaptiveConcurrencyDefinition: PolicyDefinition<AdaptiveLimitPlan> = {
  kind: "adaptiveConcurrency",
  schema: adaptiveConcurrencySchema,
  warnings({ min, max, window, probe }) {
    const still = {
      at: ["min"],
      message: "min and max are the same: nothing adapts",
      seen: `${min}`,
      remedy: `concurrencyLimit({ max: ${max} })`,
    };
    const rare = {
      at: ["probe", "every"],
      message: `there are fewer than ten windows of ${formatDuration(window)} between two probes`,
      seen: formatDuration(probe.every),
      remedy: `"${formatDuration(window * 10)}" or more`,
    };
    return [...(min === max ? [still] : []), ...(probe.every < window * 10 ? [rare] : [])];
  },
  traits: () => ({ guard: false }),
  describe: ({ min, max }) => `adaptiveConcurrency: ${min} to ${max} under way, by latency`,
  build(options, env, id) {
    const { clock, random } = env;
    const limit = env.state(id, options, () => new AdaptiveLimit(options, random, clock.now()));
    const detail = "The service has as many requests as it can take.";
    const refuse = refusal({ status: 503, code: "overloaded", detail, retryAfter: 1 });
    const answered = (exchange: Exchange, admission: Admission, reply: Reply): Reply => {
      admission.answered(clock.now(), isFailure(exchange, reply));
      if (reply.tunnel !== null) leave(exchange, admission);
      return reply;
    };
    return (next) => (exchange) => {
      if (!limit.hasRoom) return refuse(exchange);
      const admission = limit.admit(clock.now());
      exchange.onAbort(admission);
      const reply = next(exchange);
      return reply instanceof Promise
        ? reply.then((reply) => answered(exchange, admission, reply))
        : answered(exchange, admission, reply);
    };
  },
};

/** Whether somebody answered who did not do the work. */
function isFailure({ error }: Exchange, { status }: Reply): boolean {
  return status >= 500 || status === TOO_MANY || error !== "";
}

/** A connection that speaks another protocol from now on tells nothing more, for as long as it is open. */
function leave(exchange: Exchange, admission: Admission): void {
  exchange.offAbort(admission);
  admission.abandon();
}
