/** How an upstream's endpoint is picked, as the plan has it. @module */

import type { KeyOption } from "../../policies/keys/key_spec.ts";
import type { CustomBalancer } from "./define_balancer.ts";

export type BalancePlan =
  | { readonly kind: "round-robin" | "random" | "least-requests" | "p2c" | "peak-ewma" | "weighted-latency" }
  | {
    readonly kind: "hash";
    /** Keys of the key grammar, of which the first that is present counts; or a function. */
    readonly by: KeyOption;
    /** Most load of an endpoint, as a multiple of its fair share; `null`: no bound. */
    readonly boundedLoad: number | null;
  }
  | { readonly kind: "custom"; readonly balancer: CustomBalancer };

/** What an upstream has that says nothing of it. */
export const DEFAULT_BALANCE: BalancePlan = Object.freeze({ kind: "round-robin" });
