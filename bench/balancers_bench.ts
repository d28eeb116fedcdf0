/** What a pick costs, by balancer and number of endpoints. Run: `deno bench bench/balancers_bench.ts`. @module */

import { silentLog } from "../src/core/log.ts";
import { Exchange } from "../src/core/exchange.ts";
import { HeaderList } from "../src/core/header_list.ts";
import type { BalancePlan } from "../src/upstreams/balancers/balance_plan.ts";
import { buildBalancer } from "../src/upstreams/balancers/build_balancer.ts";
import type { Endpoint } from "../src/upstreams/endpoint.ts";

const PICKS = 1024;
const SIZES = [3, 10, 100];

const exchanges = Array.from({ length: PICKS }, (_, i) =>
  new Exchange({
    method: "GET",
    path: "/",
    query: "",
    authority: "gateway.test",
    host: "gateway.test",
    scheme: "http",
    client: { ip: `192.0.2.${i % 256}`, peer: "192.0.2.1", trusted: false },
    headers: HeaderList.of("x-user", `user-${i * 7919}`),
    body: null,
    requestId: `request-${i}`,
    startedAt: 0,
  }));

/** An endpoint as upstreams have it: what changes with each request lies one step away. */
class BenchEndpoint implements Endpoint {
  readonly id: string;
  readonly weight: number;
  readonly load: { inFlight: number; latency: number; peakLatency: number; errorRate: number };

  constructor(i: number, weight: number, inFlight: number) {
    this.id = `api/http://10.0.${i}.1:8080`;
    this.weight = weight;
    this.load = { inFlight, latency: 5.5 + i * 13 % 20, peakLatency: 9.5 + i * 13 % 20, errorRate: 0.001 * (i % 3) };
  }

  get inFlight(): number {
    return this.load.inFlight;
  }
  get latency(): number {
    return this.load.latency;
  }
  get peakLatency(): number {
    return this.load.peakLatency;
  }
  get errorRate(): number {
    return this.load.errorRate;
  }
  get preference(): number {
    return this.weight;
  }
}

/** Under load everybody has what the weight says, give or take one: no search ends early. `weights`: how many different ones. */
function endpoints(count: number, weights: number, busy = true): Endpoint[] {
  return Array.from({ length: count }, (_, i) => {
    const weight = 1 + i % weights;
    return new BenchEndpoint(i, weight, busy ? 3 * weight + i * 7 % 3 : 0);
  });
}

function bench(name: string, plan: BalancePlan, of: (count: number) => Endpoint[]): void {
  for (const count of SIZES) {
    const balancer = buildBalancer(plan, Math.random, silentLog), eligible = of(count);
    for (const exchange of exchanges) balancer.pick(eligible, exchange);
    Deno.bench({ group: `${PICKS} picks among ${count}`, name, n: 500 }, () => {
      for (const exchange of exchanges) balancer.pick(eligible, exchange);
    });
  }
}

const hash = (boundedLoad: number | null): BalancePlan => ({ kind: "hash", by: ["header:x-user"], boundedLoad });

bench("round-robin, equal weights", { kind: "round-robin" }, (count) => endpoints(count, 1));
bench("round-robin, 3 weights", { kind: "round-robin" }, (count) => endpoints(count, 3));
bench("round-robin, all weights different", { kind: "round-robin" }, (count) => endpoints(count, count));
bench("random, 3 weights", { kind: "random" }, (count) => endpoints(count, 3));
bench("least-requests, equal weights, idle", { kind: "least-requests" }, (count) => endpoints(count, 1, false));
bench("least-requests, equal weights, busy", { kind: "least-requests" }, (count) => endpoints(count, 1));
bench("least-requests, 3 weights, idle", { kind: "least-requests" }, (count) => endpoints(count, 3, false));
bench("least-requests, 3 weights, busy", { kind: "least-requests" }, (count) => endpoints(count, 3));
bench("p2c", { kind: "p2c" }, (count) => endpoints(count, 1));
bench("peak-ewma", { kind: "peak-ewma" }, (count) => endpoints(count, 1));
bench("weighted-latency, 3 weights", { kind: "weighted-latency" }, (count) => endpoints(count, 3));
bench("hash, 3 weights", hash(null), (count) => endpoints(count, 3));
bench("hash, 3 weights, bounded load 1.25", hash(1.25), (count) => endpoints(count, 3));

for (const count of SIZES) {
  for (const plan of [{ kind: "round-robin" }, { kind: "least-requests" }, hash(null)] as const) {
    const balancer = buildBalancer(plan, Math.random, silentLog), eligible = endpoints(count, 3);
    for (const exchange of exchanges) balancer.pick(eligible, exchange);
    Deno.bench({ group: `128 retries among ${count}`, name: plan.kind, n: 100 }, () => {
      for (let i = 0; i < 128; i++) {
        const tried = balancer.pick(eligible, exchanges[i]);
        balancer.pick(eligible.filter((endpoint) => endpoint !== tried), exchanges[i]);
      }
    });
  }
}
