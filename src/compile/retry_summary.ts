/** What retries come to on a route, in words and figures. @module */

import { formatDuration, formatSize } from "../core/units.ts";
import { IDEMPOTENT_METHODS } from "../http/idempotent.ts";
import { longestQueue, longestWait, triesOf } from "../upstreams/hop_times.ts";
import type { RetryPlan } from "../upstreams/retry/retry_plan.ts";
import { upstreamScheme } from "../upstreams/upstream_scheme.ts";
import type { HopPlan, UpstreamPlan } from "../upstreams/upstream_plan.ts";

/** How often a request of a route is sent, and how long that may take. */
export interface RetrySummary {
  /** Tries, the first included. */
  readonly tries: number;
  /** What is tried again, one sentence for each class of methods; none with one try. */
  readonly repeats: readonly string[];
  /** What becomes of long bodies, or `null` where no request is repeated, or none has a body as a rule. */
  readonly bodies: string | null;
  /** The second request that is sent while the first takes long, or `null`. */
  readonly hedge: string | null;
  /** Milliseconds until the head of an answer, or a failure, is there, by the settings alone. */
  readonly worstCase: number;
}

const WITHOUT_BODY: readonly string[] = ["GET", "HEAD", "OPTIONS", "TRACE"];
/** What stands for the methods of a route that names none. */
const OTHERS = "POST, PATCH and other methods", REPEATABLE = "idempotent methods";

/**
 * Sums up one way of a route.
 *
 * @param hop timeouts, retry and hedge of the route over its upstream's
 * @param methods the route's; empty: all
 * @param upstream where the way leads
 * @param fallback the upstream that answers when that one is out; `null`: none does
 */
export function retrySummary(
  hop: HopPlan,
  methods: readonly string[],
  upstream: UpstreamPlan,
  fallback: UpstreamPlan | null = null,
): RetrySummary {
  const { retry, hedge, timeouts: { total } } = hop;
  const worstCase = waitFor(hop, upstream) + (fallback === null ? 0 : waitFor(fallback, fallback));
  const isRepeated = retry !== null && retry.attempts > 1, tries = triesOf(retry), classes = classesOf(methods);
  return {
    tries,
    repeats: isRepeated ? [...repeated(classes.safe, retry), ...onceOrTwice(classes.unsafe, retry)] : [],
    bodies: isRepeated && (methods.length === 0 || methods.some((method) => !WITHOUT_BODY.includes(method)))
      ? bodiesText(retry)
      : null,
    hedge: hedge === null || classes.safe === null ? null : `${classes.safe}: ${hedgeText(hedge)}`,
    worstCase: Math.min(worstCase, total ?? Infinity),
  };
}

function waitFor(hop: HopPlan, upstream: UpstreamPlan): number {
  const { endpoints, dns, maxInFlight } = upstream, https = upstreamScheme(upstream) === "https";
  // Before DNS has answered for the first time, requests wait as for a place.
  const queue = dns === null
    ? longestQueue(maxInFlight, endpoints.map((endpoint) => endpoint.maxInFlight))
    : maxInFlight.queueTimeout;
  return longestWait(hop, { https, queue });
}

/** Idempotent methods and the others (RFC 9110 §9.2.2), in words; `null`: there are none. */
function classesOf(methods: readonly string[]): { readonly safe: string | null; readonly unsafe: string | null } {
  if (methods.length === 0) return { safe: REPEATABLE, unsafe: OTHERS };
  const inWords = (some: readonly string[]) => some.length === 0 ? null : some.join(", ");
  return {
    safe: inWords(methods.filter((method) => IDEMPOTENT_METHODS.has(method))),
    unsafe: inWords(methods.filter((method) => !IDEMPOTENT_METHODS.has(method))),
  };
}

function repeated(methods: string | null, { on }: RetryPlan): string[] {
  return methods === null ? [] : [`${methods}: ${on.join(", ")}`];
}

/** A connect failure is repeated for every method, for no byte was sent; the rest only where the config says so. */
function onceOrTwice(methods: string | null, { on, unsafe }: RetryPlan): string[] {
  if (methods === null) return [];
  if (unsafe) return [`${methods} may be sent twice: ${on.join(", ")}`];
  return [`${methods}: ${on.includes("connect-error") ? "connect failures only" : "never repeated"}`];
}

function bodiesText({ buffer }: RetryPlan): string {
  return buffer === 0 ? "bodies are sent once" : `bodies over ${formatSize(buffer)} are sent once`;
}

function hedgeText({ after, max }: NonNullable<HopPlan["hedge"]>): string {
  const delay = typeof after === "number" ? formatDuration(after) : `p${after.percentile}`;
  return `${max === 1 ? "a second request" : `up to ${max} more requests`} after ${delay}`;
}
