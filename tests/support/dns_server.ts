/** A nameserver that says what a test tells it to. @module */

import { closeQuietly } from "../../src/core/close_quietly.ts";
import { writeAll } from "../../src/core/write_all.ts";

/** A record as a zone holds it; its life in seconds. */
export type DnsRecord =
  & { readonly ttl: number; /** Whose record it is. @default the name that was asked for */ readonly owner?: string }
  & (
    | { readonly type: "A" | "AAAA"; readonly address: string }
    | { readonly type: "CNAME"; readonly target: string }
    | {
      readonly type: "SRV";
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  );

/** What a question gets: records (none: the name exists, but has no such record), an error, or nothing at all. */
export type DnsReply = readonly DnsRecord[] | "NXDOMAIN" | "SERVFAIL" | "REFUSED" | "silence";

/** Replies by question: `{ "A api.test": […] }`. */
export type DnsZone = Readonly<Record<string, DnsReply>>;

const TYPES = { A: 1, CNAME: 5, AAAA: 28, SRV: 33 };
const CODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
/** What an answer over UDP may hold (RFC 1035 §2.3.4). */
const MAX_UDP = 512;
const PORT_TRIES = 20;

/**
 * Listens on loopback, over UDP and, for what does not fit, TCP. A question that is not in the zone gets NXDOMAIN when no
 * other type of the name is there, else an empty answer.
 */
export class DnsServer implements AsyncDisposable {
  /** The questions so far, in the order in which they came: `A api.test`. */
  readonly asked: string[] = [];
  /** How many of them came over TCP. */
  askedOverTcp = 0;
  /** Replies that have been given to the kernel. */
  sent = 0;
  /** Handed to {@link import("../../src/upstreams/discovery/dns_plan.ts").DnsPlan.nameservers}. */
  readonly address: { readonly hostname: string; readonly port: number };
  #zone: Map<string, DnsReply>;
  readonly #udp: Deno.DatagramConn;
  readonly #tcp: Deno.TcpListener;
  readonly #conns = new Set<Deno.Conn>();
  readonly #done: Promise<unknown>;

  private constructor(zone: DnsZone, udp: Deno.DatagramConn, tcp: Deno.TcpListener) {
    this.#zone = new Map(Object.entries(zone));
    this.#udp = udp;
    this.#tcp = tcp;
    this.address = { hostname: "127.0.0.1", port: tcp.addr.port };
    this.#done = Promise.all([this.#serveUdp(), this.#serveTcp()]);
  }

  static start(zone: DnsZone = {}): DnsServer {
    for (let left = PORT_TRIES;; left--) {
      const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      try {
        const udp = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: tcp.addr.port });
        return new DnsServer(zone, udp, tcp);
      } catch (error) {
        tcp.close();
        if (left === 0) throw error;
      }
    }
  }

  /** Changes what one question gets from now on. */
  set(question: string, reply: DnsReply): void {
    this.#zone.set(question, reply);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#udp.close();
    this.#tcp.close();
    for (const conn of this.#conns) closeQuietly(conn);
    await this.#done;
  }

  async #serveUdp(): Promise<void> {
    for await (const [question, from] of this.#udp) {
      const reply = this.#reply(question, MAX_UDP);
      if (reply === null) continue;
      await this.#udp.send(reply, from);
      this.sent++;
    }
  }

  async #serveTcp(): Promise<void> {
    for await (const conn of this.#tcp) {
      this.#conns.add(conn);
      // One read: a question of a test is small enough to come whole.
      const buffer = new Uint8Array(MAX_UDP + 2);
      const count = await conn.read(buffer).catch(() => null);
      const reply = count === null ? null : this.#reply(buffer.slice(2, count), Infinity);
      this.askedOverTcp++;
      if (reply !== null) await writeAll(conn, new Uint8Array([...uint16(reply.length), ...reply]));
      closeQuietly(conn);
      this.#conns.delete(conn);
    }
  }

  #reply(message: Uint8Array, limit: number): Uint8Array | null {
    const labels: string[] = [];
    let at = 12;
    for (; message[at] !== 0; at += message[at] + 1) {
      labels.push(new TextDecoder().decode(message.subarray(at + 1, at + 1 + message[at])));
    }
    const name = labels.join("."), end = at + 5;
    const code = message[at + 1] << 8 | message[at + 2];
    const type = Object.entries(TYPES).find(([, number]) => number === code)?.[0] ?? `TYPE${code}`;
    this.asked.push(`${type} ${name}`);
    const reply = this.#zone.get(`${type} ${name}`) ?? this.#other(name);
    if (reply === "silence") return null;
    const records = typeof reply === "string" ? [] : reply.flatMap((record) => encodeRecord(record));
    const truncated = end + records.length > limit;
    const count = typeof reply === "string" || truncated ? 0 : reply.length;
    return new Uint8Array([
      message[0],
      message[1],
      truncated ? 0x83 : 0x81,
      0x80 | (typeof reply === "string" ? CODES[reply] : 0),
      ...uint16(1),
      ...uint16(count),
      ...uint16(0),
      ...uint16(0),
      ...message.subarray(12, end),
      ...truncated ? [] : records,
    ]);
  }

  #other(name: string): DnsReply {
    return this.#zone.keys().some((question) => question.endsWith(` ${name}`)) ? [] : "NXDOMAIN";
  }
}

function encodeRecord(record: DnsRecord): number[] {
  const data = dataOf(record);
  // The pointer leads to the name in the question, which stands right behind the header.
  const owner = record.owner === undefined ? [0xc0, 12] : encodeName(record.owner);
  return [
    ...owner,
    ...uint16(TYPES[record.type]),
    ...uint16(1),
    ...uint16(Math.floor(record.ttl / 0x10000)),
    ...uint16(record.ttl % 0x10000),
    ...uint16(data.length),
    ...data,
  ];
}

function dataOf(record: DnsRecord): number[] {
  if (record.type === "A") return record.address.split(".").map(Number);
  if (record.type === "CNAME") return encodeName(record.target);
  if (record.type === "SRV") {
    const numbers = [record.priority, record.weight, record.port].flatMap(uint16);
    return [...numbers, ...encodeName(record.target)];
  }
  const [head, tail = ""] = record.address.split("::");
  const before = head === "" ? [] : head.split(":"), after = tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].flatMap((group) => uint16(parseInt(group, 16)));
}

function encodeName(name: string): number[] {
  const labels = name.split(".").filter((label) => label !== "");
  return [...labels.flatMap((label) => [label.length, ...new TextEncoder().encode(label)]), 0];
}

function uint16(number: number): number[] {
  return [number >> 8 & 255, number & 255];
}
