/** Endpoints found by DNS, as the plan has them. @module */

/** Times in milliseconds. */
export interface DnsPlan {
  readonly scheme: "http" | "https";
  /** Asked for; over TLS the name in the certificate. */
  readonly hostname: string;
  /** Port of the addresses; SRV records have their own. */
  readonly port: number;
  /** `address`: A and AAAA. `srv`: SRV, whose priorities become tiers and whose weights become weights. */
  readonly record: "address" | "srv";
  /** Which addresses are asked for. */
  readonly family: "any" | "ipv4" | "ipv6";
  /** Asked instead of the system's; empty: the system's. */
  readonly nameservers: readonly { readonly hostname: string; readonly port: number }[];
  /** Bounds of the time between two questions, whatever the TTL says. */
  readonly minRefresh: number;
  readonly maxRefresh: number;
}
