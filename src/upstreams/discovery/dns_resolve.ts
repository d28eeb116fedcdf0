/** Looking endpoints up in DNS. @module */

import type { TimerWheel } from "../../core/timer_wheel.ts";
import { askNameservers } from "./ask_nameservers.ts";
import type { DnsAnswer, DnsQuestion, DnsService } from "./dns_message.ts";
import type { DnsPlan } from "./dns_plan.ts";
import type { Found, Resolve, Resolved } from "./resolve.ts";
import { candidates, readSystemDns, type SystemDns } from "./system_dns.ts";

/** Names of one SRV answer that are asked for side by side: each holds a socket or two. */
const AT_ONCE = 16;
/** Of each family. */
const ADDRESS_TYPES = { any: ["A", "AAAA"], ipv4: ["A"], ipv6: ["AAAA"] } as const;
const NOTHING_LOCAL: Omit<SystemDns, "nameservers"> = { search: [], ndots: 0, hosts: new Map() };

/**
 * Makes the {@link Resolve} of production. Nameservers of the plan are asked for the name as it stands; else it is found
 * as this machine finds names: `/etc/hosts`, then the nameservers and search domains of `/etc/resolv.conf`, read anew
 * each time.
 */
export function dnsResolve(deadlines: TimerWheel, readSystem = readSystemDns): Resolve {
  return async (plan, signal) => {
    const system = plan.nameservers.length === 0
      ? await readSystem(signal)
      : { ...NOTHING_LOCAL, nameservers: plan.nameservers };
    return await new Lookup(plan, system, deadlines, signal).endpoints();
  };
}

/** What is known of the addresses of a name: maybe nothing, and then why. */
interface Addresses {
  readonly known: readonly { readonly hostname: string; readonly question: string }[];
  readonly ttl: number | null;
  readonly unanswered: readonly string[];
  readonly why: Error | null;
}

class Lookup {
  readonly #plan: DnsPlan;
  readonly #system: SystemDns;
  readonly #deadlines: TimerWheel;
  readonly #signal: AbortSignal;

  constructor(plan: DnsPlan, system: SystemDns, deadlines: TimerWheel, signal: AbortSignal) {
    this.#plan = plan;
    this.#system = system;
    this.#deadlines = deadlines;
    this.#signal = signal;
  }

  async endpoints(): Promise<Resolved> {
    const { record, hostname, port } = this.#plan;
    if (record === "srv") return await this.#services(hostname);
    const { known, ttl, unanswered, why } = await this.#addresses(hostname, candidates(hostname, this.#system));
    if (known.length === 0) throw why;
    return { found: known.map((place) => ({ ...place, port, priority: 0, weight: 1 })), ttl, unanswered };
  }

  async #services(name: string): Promise<Resolved> {
    const { services, ttl } = await this.#serviceRecords(name);
    const targets = [...new Set(services.map(({ target }) => target))];
    const places = new Map<string, Addresses>();
    for (let at = 0; at < targets.length; at += AT_ONCE) {
      await Promise.all(
        targets.slice(at, at + AT_ONCE).map(async (target) => {
          places.set(target, await this.#addresses(target, [target]));
        }),
      );
    }
    const found: Found[] = services.flatMap(({ target, port, priority, weight }) =>
      places.get(target)!.known.map((place) => ({ ...place, port, priority, weight }))
    );
    const all = [...places.values()];
    if (found.length === 0) throw all[0].why;
    return {
      found,
      ttl: shortest(ttl, ...all.map((one) => one.ttl)),
      unanswered: all.flatMap((one) => one.unanswered),
    };
  }

  /** The services of the first candidate that has some. @throws when none has */
  async #serviceRecords(
    name: string,
  ): Promise<{ readonly services: readonly DnsService[]; readonly ttl: number | null }> {
    let answer: DnsAnswer | null = null;
    for (const candidate of candidates(name, this.#system)) {
      answer = await this.#ask({ name: candidate, type: "SRV" });
      const services = answer.services.filter(({ target }) => target !== "");
      if (services.length > 0) return { services, ttl: answer.ttl };
    }
    throw nothing("SRV", name, answer);
  }

  /** The addresses of the first candidate that has some, of both families, asked side by side. */
  async #addresses(name: string, names: readonly string[]): Promise<Addresses> {
    const { family } = this.#plan;
    const local = this.#system.hosts.get(name.toLowerCase().replace(/\.$/, ""))
      ?.filter((address) => family === "any" || (family === "ipv6") === address.includes(":"));
    if (local !== undefined && local.length > 0) {
      const known = local.map((hostname) => ({ hostname, question: `hosts ${name}` }));
      return { known, ttl: null, unanswered: [], why: null };
    }
    let last: DnsAnswer | null = null;
    for (const candidate of names) {
      const questions = ADDRESS_TYPES[family].map((type): DnsQuestion => ({ name: candidate, type }));
      const results = await Promise.allSettled(questions.map((question) => this.#ask(question)));
      this.#signal.throwIfAborted();
      const known: { hostname: string; question: string }[] = [], unanswered: string[] = [];
      let ttl: number | null = null, why: Error | null = null;
      for (const [index, result] of results.entries()) {
        const question = `${questions[index].type} ${candidate}`;
        if (result.status === "rejected") {
          unanswered.push(question);
          why ??= result.reason;
        } else {
          last = result.value;
          for (const hostname of last.addresses) known.push({ hostname, question });
          if (last.addresses.length > 0) ttl = shortest(ttl, last.ttl);
        }
      }
      // Going on after a failure would find another name's endpoints.
      if (known.length > 0 || why !== null) return { known, ttl, unanswered, why };
    }
    return { known: [], ttl: null, unanswered: [], why: nothing(ADDRESS_TYPES[family].join(" and "), name, last) };
  }

  #ask(question: DnsQuestion): Promise<DnsAnswer> {
    return askNameservers(this.#system.nameservers, question, this.#deadlines, this.#signal);
  }
}

function nothing(type: string, name: string, answer: DnsAnswer | null): Error {
  return new Error(`${type} ${name}: ${answer !== null && answer.code !== 0 ? "NXDOMAIN" : "the answer is empty"}`);
}

function shortest(...ttls: readonly (number | null)[]): number | null {
  return ttls.reduce((least, ttl) => least === null || (ttl !== null && ttl < least) ? ttl : least, null);
}
