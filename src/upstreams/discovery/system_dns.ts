/** How this machine finds names: `/etc/resolv.conf` and `/etc/hosts`. @module */

import { normaliseAddress } from "../../core/ip_address.ts";
import type { Nameserver } from "./ask_nameserver.ts";

export interface SystemDns extends ResolvConf {
  /** Addresses by name in lower case; they come before what a nameserver says. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
}

export interface ResolvConf {
  /** In the order in which they are asked. */
  readonly nameservers: readonly Nameserver[];
  /** Domains that are tried after a name. */
  readonly search: readonly string[];
  /** A name with fewer dots is tried with the domains first, one with as many without them first. */
  readonly ndots: number;
}

const RESOLV_CONF = "/etc/resolv.conf", HOSTS = "/etc/hosts";
const DNS_PORT = 53;
const MAX_NDOTS = 15;

/** Reads both files as they are now. @throws when there is no resolv.conf, or one of them may not be read */
export async function readSystemDns(signal: AbortSignal): Promise<SystemDns> {
  const [conf, hosts] = await Promise.all([read(RESOLV_CONF, signal), read(HOSTS, signal)]);
  if (conf === null) throw new Error(`there is no ${RESOLV_CONF}: name the nameservers in the config`);
  return { ...parseResolvConf(conf), hosts: parseHosts(hosts ?? "") };
}

/** What resolv.conf(5) says: the last `search` or `domain` counts, and without a nameserver it is this machine. */
export function parseResolvConf(text: string): ResolvConf {
  const nameservers: Nameserver[] = [];
  let search: readonly string[] = [], ndots = 1;
  for (const line of text.split("\n")) {
    const [keyword, ...words] = line.replace(/[#;].*/, "").trim().split(/\s+/);
    if (keyword === "nameserver") {
      if (normaliseAddress(words[0] ?? "") !== null) nameservers.push({ hostname: words[0], port: DNS_PORT });
    } else if (keyword === "search") search = words;
    else if (keyword === "domain") search = words.slice(0, 1);
    else if (keyword === "options") {
      for (const word of words) {
        const [, number] = /^ndots:(\d+)$/.exec(word) ?? [];
        if (number !== undefined) ndots = Math.min(Number(number), MAX_NDOTS);
      }
    }
  }
  if (nameservers.length === 0) nameservers.push({ hostname: "127.0.0.1", port: DNS_PORT });
  return { nameservers, search, ndots };
}

/** What hosts(5) says; a line whose address is none is passed over. */
export function parseHosts(text: string): Map<string, readonly string[]> {
  const hosts = new Map<string, readonly string[]>();
  for (const line of text.split("\n")) {
    const [word, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const address = normaliseAddress(word);
    if (address === null) continue;
    for (const name of names) {
      const known = hosts.get(name.toLowerCase()) ?? [];
      if (!known.includes(address)) hosts.set(name.toLowerCase(), [...known, address]);
    }
  }
  return hosts;
}

/** What to ask for, in order, when someone says `name`. A dot at its end says that it is whole already. */
export function candidates(name: string, { search, ndots }: ResolvConf): readonly string[] {
  if (name.endsWith(".")) return [name];
  const longer = search.map((domain) => `${name}.${domain}`);
  return name.split(".").length > ndots ? [name, ...longer] : [...longer, name];
}

async function read(path: string, signal: AbortSignal): Promise<string | null> {
  try {
    return await Deno.readTextFile(path, { signal });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
