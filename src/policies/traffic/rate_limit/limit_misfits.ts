/** What does not go together in the options of a rate limit. @module */

import { type Algorithm, ruleOf } from "../../../core/limit.ts";
import { formatDuration } from "../../../core/units.ts";
import type { Misfit } from "../../../settings/shapes.ts";
import { leakyBucket } from "../algorithms/leaky_bucket.ts";
import { tokenBucket } from "../algorithms/token_bucket.ts";
import { BUILT_IN_ALGORITHMS } from "./algorithm_option.ts";
import type { TiersPlan } from "./rate_limit_plan.ts";

/** Units a millisecond: times are reckoned in microseconds. */
const FASTEST = 1000;

/** Keys of what is one limit where there are not several. */
const OF_ONE = ["name", "algorithm", "limit", "per", "burst", "maxDelay"] as const;

/** The options of one limit, each right by itself. */
export interface ParsedLimit {
  readonly name?: string;
  readonly algorithm?: Algorithm;
  readonly limit?: number | TiersPlan;
  /** Milliseconds. */
  readonly per?: number;
  readonly burst?: number;
  readonly maxDelay?: number;
}

/**
 * All that does not go together.
 *
 * @param options those of the policy, which are a limit where there are no `limits`
 */
export function limitMisfits(
  options: ParsedLimit & { readonly limits?: readonly ParsedLimit[]; readonly cost: unknown },
): Misfit[] {
  const { limits, cost } = options;
  if (limits === undefined) return [...missing(options), ...misfitsOf(options, [], cost)];
  return [
    ...besideLimits(options),
    ...limits.flatMap((limit, i) => misfitsOf(limit, ["limits", i], cost)),
    ...secondLines(limits),
  ];
}

function missing({ limit, per }: ParsedLimit): Misfit[] {
  return [
    ...(limit === undefined
      ? [{
        path: ["limit"],
        message: "this is missing: expected a whole number of at least 1, or { by, is }",
        remedy: "100",
      }]
      : []),
    ...(per === undefined
      ? [{ path: ["per"], message: 'this is missing: expected a duration such as "1s" or "1m"', remedy: '"1m"' }]
      : []),
  ];
}

function besideLimits(options: ParsedLimit): Misfit[] {
  return OF_ONE.filter((key) => options[key] !== undefined).map((key) => ({
    path: [key],
    message: `limits says it all: ${key} beside it would be of none of them`,
    remedy: `${key} in an entry of limits`,
    onKey: true,
  }));
}

/** What does not go together in one limit. */
function misfitsOf(limit: ParsedLimit, at: (string | number)[], cost: unknown): Misfit[] {
  const { algorithm = tokenBucket, burst, maxDelay, per } = limit, found: Misfit[] = [];
  const isBuiltIn = BUILT_IN_ALGORITHMS.includes(algorithm), most = mostOf(limit);
  if (isBuiltIn && algorithm !== tokenBucket && burst !== undefined) {
    const message = `burst is of a token bucket: a ${algorithm.name} has none`;
    found.push({ path: [...at, "burst"], message, remedy: 'algorithm: "token-bucket"', onKey: true });
  }
  if (isBuiltIn && algorithm !== leakyBucket && maxDelay !== undefined) {
    const message = `maxDelay is of a leaky bucket: a ${algorithm.name} holds no requests`;
    found.push({ path: [...at, "maxDelay"], message, remedy: 'algorithm: "leaky-bucket"', onKey: true });
  }
  if (algorithm === leakyBucket && maxDelay === undefined) {
    found.push({
      path: [...at, "maxDelay"],
      message: "a leaky bucket needs to know how long it may hold a request",
      remedy: '"1s"',
    });
  }
  if (most === undefined || per === undefined) return found;
  if (most.greatest / per > FASTEST) {
    const message = "this is more than a million a second, which is as good as no limit";
    found.push({
      path: [...at, "limit"],
      message,
      remedy: `at most ${Math.floor(FASTEST * per)} per ${formatDuration(per)}`,
    });
  }
  const fits = algorithm === leakyBucket ? placesIn({ limit: most.least, per, maxDelay }) : burst ?? most.least;
  if (typeof cost === "number" && cost > fits && (algorithm !== leakyBucket || maxDelay !== undefined)) {
    const message = `a request costs ${cost}, and no more than ${fits} ever fit: it would always be refused`;
    const more = algorithm === leakyBucket
      ? "a longer maxDelay"
      : `a ${burst === undefined ? "limit" : "burst"} of at least ${cost}`;
    found.push({
      path: ["cost"],
      message,
      remedy: `a cost of at most ${fits}, or ${more}`,
    });
  }
  return found;
}

/** Units that fit in a line: the first goes on at once, the last after `maxDelay`. */
function placesIn(limit: { readonly limit: number; readonly per: number; readonly maxDelay?: number }): number {
  const { maxDelay, interval } = ruleOf(limit);
  return Math.floor(maxDelay / interval) + 1;
}

function mostOf({ limit }: ParsedLimit): { readonly least: number; readonly greatest: number } | undefined {
  if (limit === undefined) return undefined;
  if (typeof limit === "number") return { least: limit, greatest: limit };
  const all = [...Object.values(limit.is), limit.otherwise];
  return { least: Math.min(...all), greatest: Math.max(...all) };
}

/** A request is held once, and the line of another limit would count its turn as another moment. */
function secondLines(limits: readonly ParsedLimit[]): Misfit[] {
  const lines = limits.flatMap(({ algorithm }, i) => algorithm === leakyBucket ? [i] : []);
  return lines.slice(1).map((i) => ({
    path: ["limits", i, "algorithm"],
    message: `limits[${lines[0]}] holds requests already, and they can be held once only`,
    remedy: '"token-bucket", or a policy of its own',
  }));
}
