/** What `redis()` is made into. @module */

import type { Secret } from "../../core/secret.ts";
import type { ServerUrl } from "./server_url.ts";

/** Which server is asked, and where it is found. */
export type ServerPlan =
  | { readonly kind: "single"; readonly url: ServerUrl | Secret }
  | { readonly kind: "cluster"; readonly nodes: readonly ServerUrl[] }
  | { readonly kind: "sentinel"; readonly sentinels: readonly ServerUrl[]; readonly name: string };

/** Units that a gateway takes at once and spends by itself. */
export interface LeasePlan {
  readonly tokens: number;
  /** Milliseconds after which those that are left are given back. */
  readonly for: number;
}

/** Durations in milliseconds. */
export interface RedisPlan {
  readonly server: ServerPlan;
  readonly username: string | null;
  readonly password: Secret | null;
  /** `null`: only where the URL says so. */
  readonly tls: { readonly ca: Secret | null } | null;
  readonly prefix: string;
  readonly timeout: number;
  readonly breaker: { readonly failures: number; readonly openFor: number };
  readonly lease: LeasePlan | null;
}
