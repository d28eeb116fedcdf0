import { strict as assert } from "node:assert";
import { knownElsewhere } from "../../src/config/foreign_names.ts";
import { childrenOf, keysOf } from "../../src/config/schema_words.ts";
import { routeSchema } from "../../src/config/schema/route.ts";
import { upstreamSchema } from "../../src/config/schema/upstream.ts";

const upstream = keysOf(upstreamSchema);
const inside = (key: string) => childrenOf(upstreamSchema, key).flatMap(keysOf);

const NAMES: readonly [word: string, known: readonly string[], ours: string | undefined][] = [
  ["retries", upstream, "retry"],
  ["retries", keysOf(routeSchema), "retry"],
  ["retryPolicy", upstream, "retry"],
  ["num_retries", inside("retry"), "attempts"],
  ["retry_on", inside("retry"), "on"],
  ["healthCheck", upstream, "health"],
  ["health-checks", upstream, "health"],
  ["outlier_detection", upstream, "outliers"],
  ["loadBalancer", upstream, "balance"],
  ["loadBalancing", upstream, "balance"],
  ["perTry", inside("timeouts"), "attempt"],
  ["per_try_timeout", inside("timeouts"), "attempt"],
  ["threshold", inside("circuitBreaker"), "failureThreshold"],
  ["threshold", upstream, undefined],
  ["retry", inside("retry"), undefined],
];
for (const [word, known, ours] of NAMES) {
  Deno.test(`knownElsewhere() takes "${word}" among ${known.slice(0, 2).join(", ")}, … for ${ours}`, () =>
    assert.equal(knownElsewhere(word, known), ours));
}
