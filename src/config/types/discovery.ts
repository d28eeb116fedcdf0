/** Endpoints that DNS finds, as they are written. @module */

import type { Duration } from "../../core/units.ts";

/**
 * Endpoints that DNS finds, asked for again and again in the background. While no answer comes, the last good one stays;
 * an endpoint that goes drains, and those that stay keep their state. Requests that come before the first answer wait for
 * it, as long as `maxInFlight.queueTimeout`.
 */
export interface DnsEndpoints<Url extends string = string> {
  /** Scheme, name and port: `"http://api.internal:8080"`; the port is the scheme's own where there is none. */
  readonly dns: Url;
  /**
   * What is asked for. `"address"`: A and AAAA records. `"srv"`: SRV records, which have ports of their own
   * (`"http://_http._tcp.api.internal"`); their priorities become tiers and their weights weights.
   *
   * @default "address"
   */
  readonly record?: "address" | "srv";
  /**
   * Which addresses are asked for. On a machine without IPv6 its addresses are only connect failures: say `"ipv4"` there.
   *
   * @default "any"
   */
  readonly family?: "any" | "ipv4" | "ipv6";
  /**
   * Least time between two questions, whatever the TTL of the records says.
   *
   * @default "5s"
   */
  readonly refresh?: Duration;
  /**
   * Most time between two questions; not below `refresh`.
   *
   * @default "5m", or `refresh` where that is more
   */
  readonly maxRefresh?: Duration;
  /**
   * Addresses of name servers: `"10.0.0.2"`, `"10.0.0.2:5353"`, `"[::1]:53"`.
   *
   * @default the system's
   */
  readonly nameservers?: readonly string[];
}
