import { defineBalancer } from "../../../src/upstreams/balancers/define_balancer.ts";
import { balancerConformance } from "./conformance.ts";
import { seededRandom } from "./seeded_random.ts";

/** A custom balancer that honours weights. */
const byChance = defineBalancer({
  name: "by-chance",
  create() {
    const random = seededRandom(5);
    return (eligible) => {
      let left = random() * eligible.reduce((sum, { weight }) => sum + weight, 0);
      return eligible.find(({ weight }) => (left -= weight) < 0) ?? eligible[0];
    };
  },
});

balancerConformance("round-robin", { kind: "round-robin" });
balancerConformance("random", { kind: "random" });
balancerConformance("least-requests", { kind: "least-requests" });
balancerConformance("p2c", { kind: "p2c" });
balancerConformance("peak-ewma", { kind: "peak-ewma" });
balancerConformance("weighted-latency", { kind: "weighted-latency" });
balancerConformance("hash", { kind: "hash", by: ["header:x-user"], boundedLoad: null });
balancerConformance("hash with bounded load", { kind: "hash", by: ["header:x-user"], boundedLoad: 1.25 });
balancerConformance("hash without a key", { kind: "hash", by: ["cookie:none"], boundedLoad: null });
balancerConformance("custom", { kind: "custom", balancer: byChance });
