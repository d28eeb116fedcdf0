/** From an upstream's plan to its balancer. @module */

import { type KeyReader, parseKey } from "../../core/key.ts";
import type { Log } from "../../core/log.ts";
import type { Random } from "../../core/random.ts";
import { ABSENT, type KeyOption, keyTextReader } from "../../policies/keys/key_spec.ts";
import type { BalancePlan } from "./balance_plan.ts";
import type { Balancer } from "./balancer.ts";
import { ConsistentHash } from "./consistent_hash.ts";
import { Custom } from "./custom.ts";
import { LeastRequests } from "./least_requests.ts";
import { PeakEwma } from "./peak_ewma.ts";
import { PowerOfTwo } from "./power_of_two.ts";
import { RoundRobin } from "./round_robin.ts";
import { WeightedLatency } from "./weighted_latency.ts";
import { WeightedRandom } from "./weighted_random.ts";

/**
 * Makes the balancer that a plan names.
 * @throws TypeError when a custom balancer's `create` fails, or a key to hash by is none (which `check` finds first)
 */
export function buildBalancer(plan: BalancePlan, random: Random, log: Log): Balancer {
  switch (plan.kind) {
    case "round-robin":
      return new RoundRobin();
    case "random":
      return new WeightedRandom(random);
    case "least-requests":
      return new LeastRequests();
    case "p2c":
      return new PowerOfTwo(random);
    case "peak-ewma":
      return new PeakEwma(random);
    case "weighted-latency":
      return new WeightedLatency(random);
    case "hash":
      return new ConsistentHash(readersOf(plan.by, log), plan.boundedLoad, random);
    case "custom":
      return new Custom(plan.balancer);
  }
}

/** Of several keys each goes by its value alone: a client is led to one endpoint, whichever key names it. */
function readersOf(by: KeyOption, log: Log): KeyReader[] {
  if (typeof by !== "function") return by.map(readerOf);
  const read = keyTextReader(by, log);
  return [(exchange) => {
    const text = read(exchange);
    return text === ABSENT ? undefined : text;
  }];
}

function readerOf(key: string): KeyReader {
  const reader = parseKey(key);
  if (reader === undefined) {
    throw new TypeError(`"${key}" is no key to hash by: write one such as "header:x-user" or "ip"`);
  }
  return reader;
}
