/** Questions to nameservers and their answers, as bytes (RFC 1035 §4). @module */

import { formatIPv4, formatIPv6 } from "../../core/ip_address.ts";

/** What can be asked for: IPv4 addresses, IPv6 addresses (RFC 3596), services (RFC 2782). */
export type DnsType = "A" | "AAAA" | "SRV";

export interface DnsQuestion {
  /** With or without a dot at its end. */
  readonly name: string;
  readonly type: DnsType;
}

export interface DnsAnswer {
  /** RCODE: 0 is well, 3 says that the name does not exist (NXDOMAIN). */
  readonly code: number;
  /** The answer did not fit; over TCP it does. */
  readonly truncated: boolean;
  /** For A and AAAA, each in its one spelling. */
  readonly addresses: readonly string[];
  readonly services: readonly DnsService[];
  /** The shortest life of the records that led here, aliases included, in milliseconds; `null`: there are none. */
  readonly ttl: number | null;
}

export interface DnsService {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Empty: the service is decidedly not there (a target of `.`). */
  readonly target: string;
}

const TYPES: Readonly<Record<DnsType, number>> = { A: 1, AAAA: 28, SRV: 33 };
const CNAME = 5, INTERNET = 1;
const HEADER = 12;
const RESPONSE = 0x8000, OPCODE = 0x7800, TRUNCATED = 0x0200, RECURSION_DESIRED = 0x0100, RCODE = 0x000f;
const MAX_LABEL = 63, MAX_NAME = 255;
/** RFC 2181 §8: a life of 2³¹ seconds or more is none. */
const MAX_TTL = 0x7fffffff;

/** A question as a message. @throws {RangeError} for a name that no message can hold */
export function encodeQuestion(id: number, { name, type }: DnsQuestion): Uint8Array<ArrayBuffer> {
  const encoded = encodeName(name);
  const bytes = new Uint8Array(HEADER + encoded.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id);
  view.setUint16(2, RECURSION_DESIRED);
  view.setUint16(4, 1);
  bytes.set(encoded, HEADER);
  view.setUint16(HEADER + encoded.length, TYPES[type]);
  view.setUint16(HEADER + encoded.length + 2, INTERNET);
  return bytes;
}

/** The answer in these bytes; `null` when they are no answer to this question, whoever sent them. */
export function decodeAnswer(bytes: Uint8Array, id: number, question: DnsQuestion): DnsAnswer | null {
  try {
    return new Reader(bytes).answer(id, question);
  } catch (error) {
    // Read past the end: cut off, or made to be.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function encodeName(name: string): number[] {
  const labels = (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
  const bytes: number[] = [];
  for (const label of labels) {
    const text = new TextEncoder().encode(label);
    if (text.length === 0 || text.length > MAX_LABEL) throw new RangeError(`"${name}" is no name that DNS can hold`);
    bytes.push(text.length, ...text);
  }
  bytes.push(0);
  if (bytes.length > MAX_NAME) throw new RangeError(`"${name}" is longer than DNS allows`);
  return bytes;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = HEADER;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  answer(id: number, question: DnsQuestion): DnsAnswer | null {
    const flags = this.#view.getUint16(2);
    if (this.#view.getUint16(0) !== id || (flags & (RESPONSE | OPCODE)) !== RESPONSE) return null;
    if (this.#view.getUint16(4) !== 1) return null;
    const name = this.#name();
    const type = this.#uint16();
    // Whoever guesses the id must also guess what was asked.
    if (name.toLowerCase() !== question.name.toLowerCase().replace(/\.$/, "")) return null;
    if (type !== TYPES[question.type] || this.#uint16() !== INTERNET) return null;

    const code = flags & RCODE, addresses: string[] = [], services: DnsService[] = [];
    // What is there of the records may be cut anywhere.
    if ((flags & TRUNCATED) !== 0) return { code, truncated: true, addresses, services, ttl: null };
    let ttl: number | null = null;
    for (let left = this.#view.getUint16(6); left > 0; left--) {
      this.#name();
      const type = this.#uint16(), group = this.#uint16(), seconds = this.#uint32(), length = this.#uint16();
      const end = this.#at + length;
      if (end > this.#bytes.length) return null;
      if (group === INTERNET && (type === TYPES[question.type] || type === CNAME)) {
        const life = seconds > MAX_TTL ? 0 : seconds * 1000;
        if (ttl === null || life < ttl) ttl = life;
        if (type === TYPES.A) addresses.push(formatIPv4(this.#uint32()));
        else if (type === TYPES.AAAA) addresses.push(formatIPv6(Array.from({ length: 8 }, () => this.#uint16())));
        else if (type === TYPES.SRV) services.push(this.#service());
        if (type !== CNAME && this.#at !== end) return null;
      }
      this.#at = end;
    }
    return { code, truncated: false, addresses, services, ttl };
  }

  #service(): DnsService {
    return { priority: this.#uint16(), weight: this.#uint16(), port: this.#uint16(), target: this.#name() };
  }

  #uint16(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2);
  }

  #uint32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }

  /** A name, the rest of which may stand earlier in the message (RFC 1035 §4.1.4). */
  #name(): string {
    const labels: string[] = [];
    let at = this.#at, back = at, end = -1, size = 0;
    for (let length = this.#view.getUint8(at); length !== 0; length = this.#view.getUint8(at)) {
      if (length >= 0xc0) {
        if (end < 0) end = at + 2;
        at = this.#view.getUint16(at) & 0x3fff;
        // Only ever backwards: a name that points at itself would have no end.
        if (at >= back) throw new RangeError("a name points forwards");
        back = at;
        size++;
      } else {
        if (length > MAX_LABEL) throw new RangeError("a label is too long");
        const label = this.#bytes.subarray(at + 1, at + 1 + length);
        at += 1 + length;
        labels.push(String.fromCharCode(...label));
        size += 1 + length;
      }
      // Names that lead through the whole message, each record with one, would take seconds.
      if (size > MAX_NAME) throw new RangeError("a name is too long");
    }
    this.#at = end < 0 ? at + 1 : end;
    return labels.join(".");
  }
}
