import { strict as assert } from "node:assert";
import { defineBalancer } from "gatewright";
import { checkBalancing } from "../../../src/config/checks/balancing.ts";
import { draftOf } from "../../../src/config/draft.ts";
import { pathText } from "../../../src/config/finding.ts";

/** What is found about one upstream, as `place: message`. */
function messages(upstream: unknown): string[] {
  return checkBalancing(draftOf({ upstreams: { a: upstream } })).map(({ at, severity = "error", message }) =>
    `${severity} ${pathText(at)}: ${message}`
  );
}

const first = defineBalancer({ name: "first", create: () => (eligible) => eligible[0] });
const ONE = ["http://a"], TWO = ["http://a", { url: "http://b", weight: 2 }];
const FOUND = { dns: "http://a.internal" };

const WEIGHTED = ["round-robin", "weighted-round-robin", "random", "least-requests", "weighted-latency"];
for (const balance of WEIGHTED) {
  Deno.test(`checkBalancing() lets ${balance} have weights and a slow start`, () =>
    assert.deepEqual(messages({ endpoints: TWO, balance, slowStart: "30s" }), []));
}

const RULES: readonly [what: string, upstream: unknown, messages: readonly string[]][] = [
  ["a function to hash by", { endpoints: TWO, balance: "hash", hashBy: () => "a" }, []],
  ["weights of a hash", { endpoints: TWO, balance: "hash", hashBy: "ip" }, []],
  ["weights of a balancer of one's own", { endpoints: TWO, balance: first }, []],
  ["a weight of 1 that is written", { endpoints: [{ url: "http://a", weight: 1 }], balance: "peak-ewma" }, []],
  ["a slow start of a balancer of one's own", { endpoints: ONE, balance: first, slowStart: "1s" }, [
    "error upstreams.a.slowStart: the balancer first has no use for a weight that grows, which is what a slow start is",
  ]],
  ["a slow start of none", { endpoints: ONE, balance: "p2c", slowStart: "0s" }, []],
  ["a key for a balancer of one's own", { endpoints: ONE, balance: first, hashBy: "ip" }, [
    'error upstreams.a.hashBy: hashBy is for balance: "hash", and this is the balancer first',
  ]],
  ["a limit of one endpoint", { endpoints: [{ url: "http://a", maxInFlight: 5 }], maxInFlight: { queue: 1 } }, []],
  ["a limit of nothing", { endpoints: ONE, maxInFlight: {} }, ["error upstreams.a.maxInFlight: this limits nothing"]],
  ["a tier above 0 beside an ordinary endpoint", ["http://a", { url: "http://b", tier: 9 }], []],
  ["tier 0 in so many words", [{ url: "http://b", tier: 0 }], []],
  ["backups in a list", [{ url: "http://a", tier: 1 }], [
    "error upstreams.a: an upstream needs an endpoint that is no backup",
  ]],
  ["ejection from two endpoints", { endpoints: TWO, outliers: {} }, []],
  ["ejection of what DNS finds", { endpoints: FOUND, outliers: {} }, []],
  ["weights of SRV records", { endpoints: { ...FOUND, record: "srv" }, balance: "peak-ewma" }, [
    'warning upstreams.a.balance: "peak-ewma" does not use weights, which SRV records have',
  ]],
  ["weights of SRV records that count", { endpoints: { ...FOUND, record: "srv" }, balance: "random" }, []],
  ["addresses, which have no weights", { endpoints: FOUND, balance: "p2c" }, []],
  ["ejection of the only endpoint", { endpoints: ONE, outliers: {} }, [
    "warning upstreams.a.outliers: ejection never removes the last endpoint, and there is one",
  ]],
];
for (const [what, upstream, expected] of RULES) {
  Deno.test(`checkBalancing() on ${what}`, () => assert.deepEqual(messages(upstream), expected));
}
