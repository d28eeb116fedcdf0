/** Endpoints that DNS finds. @module */

import { z } from "zod";
import { formatDuration } from "../../core/units.ts";
import { parseIPv4, parseIPv6 } from "../../core/ip_address.ts";
import type { DnsPlan } from "../../upstreams/discovery/dns_plan.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { isAddress, isHost } from "./host_text.ts";
import { parseOrigin } from "./origin.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, type Misfit, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";

const LONGEST = 300_000;

/** A name that is looked up, and whether a port was written beside it. */
type DnsName = Pick<DnsPlan, "scheme" | "hostname" | "port"> & { readonly url: string; readonly hasPort: boolean };

const dnsName = text<DnsName>({
  expected: 'a URL with a name to look up, such as "http://api.internal:8080"',
  json: { pattern: "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\\s]+/?$" },
  read(value) {
    const origin = parseOrigin(value);
    if (origin instanceof Refusal) return origin;
    const { url, scheme, address } = origin, listed = `endpoints: ["${url}"]`;
    if (address.kind === "unix") return new Refusal("the path of a socket is not looked up", listed);
    const { hostname, port } = address;
    if (isAddress(hostname)) return new Refusal("this is an address, which needs no look-up", listed);
    if (!isHost(hostname.replace(/\.$/, ""))) return new Refusal(`"${hostname}" is no host name`);
    return { url, scheme, hostname, port, hasPort: /:\d+\/?$/.test(value) };
  },
});

const nameserver = text<DnsPlan["nameservers"][number]>({
  expected: 'an address such as "10.0.0.2" or "10.0.0.2:5353"',
  read(value) {
    if (parseIPv6(value) !== null) return { hostname: value, port: 53 };
    const parts = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(value), port = Number(parts?.[3] ?? 53);
    const isIp = parts !== null && (parts[1] === undefined ? parseIPv4(parts[2]) >= 0 : parseIPv6(parts[1]) !== null);
    if (isIp && port > 0 && port <= 65535) return { hostname: parts[1] ?? parts[2], port };
    return new Refusal(
      "a name server is an address, with or without a port",
      '"10.0.0.2", "10.0.0.2:5353" or "[::1]:53"',
    );
  },
});

/** A name, and how it is looked up. */
export const dnsSchema = settings('{ dns: "http://api.internal:8080" }', {
  dns: dnsName.describe("Scheme, name and port of what is looked up."),
  record: choice(["address", "srv"]).prefault("address")
    .describe("What is asked for: A and AAAA, or SRV, which has ports, priorities and weights."),
  family: choice(["any", "ipv4", "ipv6"]).prefault("any").describe("Which addresses are asked for."),
  refresh: duration({ zero: false }).prefault("5s").describe("Least time between two questions, whatever the TTL."),
  maxRefresh: duration({ zero: false }).optional()
    .describe("Most time between two questions. Default: 5m, or refresh if more."),
  nameservers: listOf(
    "a list of addresses",
    nameserver,
    "at least one address is needed; leave it out for the system's",
  )
    .optional().describe("Name servers in place of the system's."),
}).transform((written, context): DnsPlan => {
  const { dns: { url, scheme, hostname, port, hasPort }, record, family, refresh, nameservers } = written,
    misfits: Misfit[] = [];
  const { maxRefresh = Math.max(LONGEST, refresh) } = written;
  if (record === "srv" && hasPort) {
    const remedy = `"${scheme}://${hostname}", or record: "address"`;
    misfits.push({ path: ["dns"], message: `SRV records have ports of their own, and ${url} has one too`, remedy });
  }
  if (maxRefresh < refresh) {
    const least = formatDuration(refresh), message = `there are ${least} between two questions at least, by refresh`;
    misfits.push({ path: ["maxRefresh"], message, remedy: `"${least}" or more` });
  }
  report(context, written, misfits);
  if (misfits.length > 0) return z.NEVER;
  return {
    scheme,
    hostname,
    port,
    record,
    family,
    nameservers: nameservers ?? [],
    minRefresh: refresh,
    maxRefresh,
  };
});
