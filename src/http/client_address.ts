/** Who sent a request, behind proxies that are trusted. @module */

import type { Client } from "../core/exchange.ts";
import type { CidrSet } from "./cidr.ts";
import { addressOf, elementsFromRight, nodeAddress } from "./forwarded_field.ts";
import { normaliseAddress } from "../core/ip_address.ts";

/** What is read of a request's fields. */
interface Fields {
  get(name: string): string | null;
}

/**
 * Finds clients. Trust is counted from the right: each proxy appends the address it was called from, so an entry is worth
 * as much as the one who wrote it. The client is the first address that is no trusted proxy. An entry that is no address
 * (`unknown`, an obfuscated name, garbage) ends the walk at the last address that was one.
 *
 * `X-Forwarded-For` is read where it is present, `Forwarded` (RFC 7239) otherwise: a trusted proxy must write or remove
 * the one that this gateway would read.
 */
export class ClientAddresses {
  readonly #trusted: CidrSet;

  constructor(trusted: CidrSet) {
    this.#trusted = trusted;
  }

  /**
   * The connection's own end as a client: once for each connection.
   * @param peer the socket's remote address; what is no IP address is taken as it is and never trusted.
   */
  ofPeer(peer: string): Client {
    const ip = normaliseAddress(peer) ?? peer;
    return { ip, peer: ip, trusted: this.#trusted.has(ip) };
  }

  /** The client of one request: `peer` itself, with no field read, unless it is a trusted proxy. */
  ofRequest(peer: Client, fields: Fields): Client {
    if (!peer.trusted) return peer;
    const chain = fields.get("x-forwarded-for");
    const ip = chain !== null ? this.#walkList(peer.ip, chain) : this.#walkForwarded(peer.ip, fields.get("forwarded"));
    return ip === peer.ip ? peer : { ...peer, ip };
  }

  #walkList(peer: string, chain: string): string {
    let ip = peer, end = chain.length;
    while (end >= 0) {
      const comma = end === 0 ? -1 : chain.lastIndexOf(",", end - 1);
      const entry = chain.slice(comma + 1, end).trim();
      end = comma;
      if (entry === "") continue;
      const address = nodeAddress(entry);
      if (address === null) return ip;
      ip = address;
      if (!this.#trusted.has(ip)) return ip;
    }
    return ip;
  }

  #walkForwarded(peer: string, value: string | null): string {
    let ip = peer;
    if (value === null) return ip;
    for (const element of elementsFromRight(value)) {
      const address = addressOf(element);
      if (address === null) return ip;
      ip = address;
      if (!this.#trusted.has(ip)) return ip;
    }
    return ip;
  }
}
