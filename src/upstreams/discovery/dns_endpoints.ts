/** What DNS finds for an upstream, for whoever uses it at the time. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { EndpointPlan } from "../upstream_plan.ts";
import { DnsDiscovery, type DnsDiscoveryStatus } from "./dns_discovery.ts";
import type { DnsPlan } from "./dns_plan.ts";
import type { Resolve } from "./resolve.ts";

/** Takes the endpoints whenever they change. */
export type OnEndpoints = (endpoints: readonly EndpointPlan[]) => void;

/** One discovery for all plans that ask for the same, so that a reload does not begin with an upstream of no endpoints. */
export class DnsEndpoints {
  readonly #discovery: DnsDiscovery;
  readonly #users = new Set<OnEndpoints>();

  constructor(upstream: string, plan: DnsPlan, resolve: Resolve, env: Omit<BuildEnv, "dispatch">) {
    this.#discovery = new DnsDiscovery(upstream, plan, resolve, env, (endpoints) => {
      env.events.emit("upstream.endpoints", { upstream, endpoints: endpoints.map(({ id }) => id) });
      for (const use of [...this.#users]) use(endpoints);
    });
    this.#discovery.start();
  }

  /** The last good set; empty before the first. */
  get endpoints(): readonly EndpointPlan[] {
    return this.#discovery.endpoints;
  }

  /** Whether there has been no answer yet, but a failure. */
  get failing(): boolean {
    const { lastResolved, lastError } = this.#discovery.status;
    return lastResolved === null && lastError !== null;
  }

  get status(): DnsDiscoveryStatus {
    return this.#discovery.status;
  }

  /** From now on `use` is told of changes, until the result is called. */
  follow(use: OnEndpoints): () => void {
    this.#users.add(use);
    return () => void this.#users.delete(use);
  }

  close(): void {
    this.#discovery.close();
  }
}
