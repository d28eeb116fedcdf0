/**
 * The `fault` policy: holds or refuses a share of a route's requests on purpose, to see how clients and dashboards take
 * it.
 *
 * @module
 */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Middleware } from "../../core/handler.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Random } from "../../core/random.ts";
import type { Reply } from "../../core/reply.ts";
import { type Duration, formatDuration } from "../../core/units.ts";
import { problem } from "../../http/problem.ts";
import { clientLeft } from "./client_left.ts";
import { ClientWait } from "./client_wait.ts";
import { type AbortPlan, type DelayPlan, type FaultPlan, faultSchema } from "./fault_schema.ts";
import { formatHeaderCondition, headerTest } from "./header_condition.ts";

/** The problem's code, and the exchange's. */
const INJECTED = "fault_injected";

/** Requests that `fault` holds. */
export interface FaultDelay {
  /** How long, above 0 and up to 24 days. It comes before the target, on top of all its time-outs. */
  readonly for: Duration;
  /**
   * Share of the requests, from 0 to 1, each by chance.
   *
   * @default 1
   */
  readonly share?: number;
}

/** Requests that `fault` refuses. */
export interface FaultAbort {
  /**
   * From 400 to 599.
   *
   * @default 503
   */
  readonly status?: number;
  /**
   * Share of the requests, from 0 to 1, each by chance; of those that were held as of the others.
   *
   * @default 1
   */
  readonly share?: number;
}

/** Options of {@link fault}: `delay`, `abort` or both. */
export interface FaultOptions {
  /** Whether faults happen. There is no default, so that none happen because nobody thought of them; `false` costs nothing. */
  readonly enabled: boolean;
  /** Holds requests. A client that goes away ends the wait, and nothing is sent upstream for it. */
  readonly delay?: FaultDelay;
  /** Answers in place of the target, with a problem document whose code is `fault_injected`. */
  readonly abort?: FaultAbort;
  /**
   * Only requests with this field, or with exactly this value of it: `"header:x-fault"`, `"header:x-fault=1"`. Whoever can
   * send the field brings the fault about, but for nobody else.
   *
   * @default every request
   */
  readonly when?: `header:${string}`;
}

/**
 * Injects faults. They stand before the target: no endpoint, breaker, retry or fallback hears of them.
 *
 * @example
 * ```ts
 * import { fault } from "gatewright";
 *
 * const policy = fault({
 *   enabled: true,
 *   delay: { for: "2s", share: 0.1 },
 *   abort: { status: 503, share: 0.01 },
 *   when: "header:x-fault",
 * });
 * console.log(policy.kind); // fault
 * ```
 */
export function fault(options: FaultOptions): Policy<"fault", never, never> {
  return recordPolicy(faultDefinition, options);
}

/** The `fault` policy's options and what it is built into. */
export const faultDefinition: PolicyDefinition<FaultPlan> = {
  kind: "fault",
  schema: faultSchema,
  warnings({ enabled }) {
    const message = "faults are injected into the traffic that passes here";
    return enabled ? [{ at: ["enabled"], message, seen: "true", remedy: "false" }] : [];
  },
  traits: () => ({ guard: false }),
  describe({ enabled, delay, abort, when }) {
    if (!enabled) return "fault: off";
    const parts = [
      ...(delay === undefined ? [] : [`delay ${formatDuration(delay.for)} for ${percent(delay.share)}`]),
      ...(abort === undefined ? [] : [`abort ${abort.status} for ${percent(abort.share)}`]),
    ];
    return `fault: ${parts.join(", ")}${when === undefined ? "" : ` when ${formatHeaderCondition(when)}`}`;
  },
  build({ enabled, delay, abort, when }, env) {
    const onDelay = !enabled || delay === undefined || delay.share === 0 ? pass : holdSome(delay, env);
    const onAbort = !enabled || abort === undefined || abort.share === 0 ? pass : refuseSome(abort, env.random);
    if (when === undefined || (onDelay === pass && onAbort === pass)) return (next) => onDelay(onAbort(next));
    const isMeant = headerTest(when);
    return (next) => {
      const faulty = onDelay(onAbort(next));
      return (exchange) => isMeant(exchange) ? faulty(exchange) : next(exchange);
    };
  },
};

const pass: Middleware = (next) => next;

function holdSome({ for: ms, share }: DelayPlan, { clock, random }: BuildEnv): Middleware {
  return (next) => {
    const hold = async (exchange: Exchange): Promise<Reply> => {
      const wait = new ClientWait(clock, ms);
      exchange.onAbort(wait);
      await wait.over;
      exchange.offAbort(wait);
      return wait.abandoned ? clientLeft(exchange) : next(exchange);
    };
    return (exchange) => isHit(share, random) ? hold(exchange) : next(exchange);
  };
}

function refuseSome({ status, share }: AbortPlan, random: Random): Middleware {
  return (next) => (exchange) => isHit(share, random) ? refuse(exchange, status) : next(exchange);
}

function isHit(share: number, random: Random): boolean {
  return share === 1 || random() < share;
}

function refuse(exchange: Exchange, status: number): Reply {
  exchange.error = INJECTED;
  const detail = "This request was failed on purpose, to see what becomes of it.";
  return problem(exchange, { status, code: INJECTED, detail });
}

function percent(share: number): string {
  // Without the digits that binary fractions add: 0.07 × 100 is a little more than 7.
  return `${Number((share * 100).toPrecision(12))}%`;
}
