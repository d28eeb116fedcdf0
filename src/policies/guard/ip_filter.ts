/** The `ipFilter` policy: which addresses may ask. @module */

import type { Exchange } from "../../core/exchange.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Secret } from "../../core/secret.ts";
import { addressSet } from "./address_set.ts";
import { type Denial, denied } from "./denied.ts";
import { type AddressPlan, type IpFilterPlan, ipFilterSchema } from "./ip_filter_schema.ts";
import { overlapWarnings } from "./ip_overlaps.ts";

/** So many entries of a list are shown in words. */
const MOST_SHOWN = 3;

const DENIED: Denial = {
  code: "ip_denied",
  detail: "Requests from your address are not taken here.",
  reason: "the address is among those that are denied",
};
const NOT_ALLOWED: Denial = { ...DENIED, reason: "the address is not among those that are allowed" };

/**
 * An address (`"192.0.2.7"`), a block (`"10.0.0.0/8"`, `"fd00::/8"`), or `secret.file("./blocked.txt")`: a file with one
 * address or block a line, `#` before a remark, which is read again every ten seconds. One that cannot be read any more,
 * or has a mistake, changes nothing but the log.
 */
export type AddressOption = string | Secret;

/** Options of {@link ipFilter}: `allow`, `deny` or both. */
export interface IpFilterOptions {
  /**
   * Only these pass. `0.0.0.0/0` holds no IPv6 address; an IPv4 address in IPv6 form (`::ffff:10.0.0.1`) counts as IPv4.
   *
   * @default everybody who is not denied
   */
  readonly allow?: AddressOption | readonly AddressOption[];
  /**
   * These do not pass, also if `allow` has them.
   *
   * @default nobody
   */
  readonly deny?: AddressOption | readonly AddressOption[];
  /**
   * Whose address counts: `"client"`, which trusted proxies may name (`trustedProxies`), or `"peer"`, the other end of the
   * connection, whatever it says of others. What has no address, such as a Unix socket, is in no list.
   *
   * @default "client"
   */
  readonly key?: "client" | "peer";
}

/**
 * Keeps addresses out, with 403 and `ip_denied`. `deny` comes before `allow`. Each look is a binary search: some hundred
 * thousand blocks cost as much as ten.
 *
 * @example
 * ```ts
 * import { ipFilter } from "gatewright";
 *
 * const policy = ipFilter({ allow: ["10.0.0.0/8", "fd00::/8"], deny: "10.66.0.0/16" });
 * console.log(policy.kind); // ipFilter
 * ```
 */
export function ipFilter(options: IpFilterOptions): Policy<"ipFilter", never, never> {
  return recordPolicy(ipFilterDefinition, options);
}

/** The `ipFilter` policy's options and what it is built into. */
export const ipFilterDefinition: PolicyDefinition<IpFilterPlan> = {
  kind: "ipFilter",
  schema: ipFilterSchema,
  traits: () => ({ preflight: "joins", everyRequest: true }),
  warnings: overlapWarnings,
  describe({ allow, deny, key }) {
    const parts = [
      ...(allow === undefined ? [] : [`allow ${inWords(allow)}`]),
      ...(deny.length === 0 ? [] : [`deny ${inWords(deny)}`]),
    ];
    return `ipFilter: ${parts.join(", ")}${key === "peer" ? ", by peer" : ""}`;
  },
  build({ allow, deny, key }, env, id) {
    const allowed = allow === undefined ? null : addressSet(allow, env, `${id}/allow`);
    const refused = deny.length === 0 ? null : addressSet(deny, env, `${id}/deny`);
    const addressOf = key === "client" ? ipOfClient : ipOfPeer;
    return (next) => (exchange) => {
      const ip = addressOf(exchange);
      if (refused !== null && refused.current.has(ip)) return denied(exchange, DENIED);
      if (allowed !== null && !allowed.current.has(ip)) return denied(exchange, NOT_ALLOWED);
      return next(exchange);
    };
  },
};

function ipOfClient({ client }: Exchange): string {
  return client.ip;
}

function ipOfPeer({ client }: Exchange): string {
  return client.peer;
}

function inWords(list: readonly AddressPlan[]): string {
  const texts = list.slice(0, MOST_SHOWN).map((entry) =>
    typeof entry === "string" ? entry : entry.file ?? `$${entry.env}`
  );
  const more = list.length - texts.length;
  return `${texts.join(" ")}${more === 0 ? "" : ` and ${more} more`}`;
}
