/** Upstreams as the plan has them: defaults filled in, names resolved. @module */

import type { NetAddress } from "../core/net_address.ts";
import type { Secret } from "../core/secret.ts";

export interface UpstreamPlan {
  readonly name: string;
  readonly endpoints: readonly EndpointPlan[];
  readonly balance: "round-robin";
  /** Host header sent upstream: the client's, the endpoint's, or this text. */
  readonly host: "client" | "endpoint" | { readonly value: string };
  readonly timeouts: TimeoutsPlan;
  /** Connections per endpoint, and milliseconds that an idle one is kept. */
  readonly pool: { readonly max: number; readonly idle: number };
  readonly tls: UpstreamTlsPlan | null;
  /** `h2`: by ALPN over TLS, with prior knowledge (h2c) in cleartext; then no endpoint is a Unix socket. */
  readonly protocol: "h1" | "h2";
}

/** Milliseconds each. */
export interface TimeoutsPlan {
  readonly connect: number;
  readonly tls: number;
  readonly head: number;
  readonly idle: number;
}

export interface UpstreamTlsPlan {
  readonly serverName: string | null;
  readonly ca: Secret | null;
  readonly cert: Secret | null;
  readonly key: Secret | null;
  readonly insecureSkipVerify: boolean;
}

export interface EndpointPlan {
  /** `<upstream>/<url>`. */
  readonly id: string;
  readonly url: string;
  readonly scheme: "http" | "https";
  readonly address: NetAddress;
  readonly weight: number;
  /** What `start` brings up behind this address, or `null` for a real endpoint. */
  readonly demo: DemoPlan | null;
}

export type DemoPlan =
  | { readonly kind: "fast" | "echo" }
  | { readonly kind: "slow"; readonly delay: number }
  | { readonly kind: "faulty"; readonly failureRate: number };

/** What an upstream has that says nothing of it. */
export const DEFAULT_TIMEOUTS: TimeoutsPlan = Object.freeze({ connect: 2_000, tls: 3_000, head: 30_000, idle: 60_000 });

/** What an upstream has that says nothing of it. */
export const DEFAULT_POOL: UpstreamPlan["pool"] = Object.freeze({ max: 256, idle: 60_000 });
