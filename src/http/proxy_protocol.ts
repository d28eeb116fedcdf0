/**
 * The PROXY protocol, versions 1 and 2 (HAProxy's `proxy-protocol.txt`): what a proxy on the transport level sends before
 * anything else, so that the one behind it knows who is calling.
 * @module
 */

import { formatIPv4, formatIPv6, mappedIPv4, normaliseAddress, parseIPv4, parseIPv6 } from "../core/ip_address.ts";

/** One end of a proxied connection. */
export interface ProxiedAddress {
  /** An IP address as `normaliseAddress` spells it: IPv4-mapped ones as IPv4, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** A whole header. */
export interface ProxyHeader {
  /** Bytes that it takes up; behind them the connection's own bytes begin. */
  readonly length: number;
  /**
   * Who connected to the proxy. `null` where the socket's own address counts: the proxy speaks for itself (LOCAL: its
   * health checks), does not know (UNKNOWN, AF_UNSPEC), or was called through a Unix socket.
   */
  readonly source: ProxiedAddress | null;
  /** The address of the proxy that was connected to; `null` when `source` is. */
  readonly destination: ProxiedAddress | null;
}

/** Bytes that are no PROXY header. It is returned, not thrown: whatever a socket sends is an expected case. */
export class ProxyHeaderError extends Error {
  override readonly name = "ProxyHeaderError";
}

/** A header, whether one may still come, or why none does. */
export type ProxyHeaderResult = ProxyHeader | "incomplete" | ProxyHeaderError;

const P = 0x50, CR = 0x0d, LF = 0x0a;

/**
 * Reads the header at the start of `bytes[from, to)`. Nothing is repaired, and `"incomplete"` is given only while more
 * bytes can make a valid header of what is there.
 */
export function parseProxyHeader(bytes: Uint8Array, from: number, to: number): ProxyHeaderResult {
  if (from >= to) return "incomplete";
  if (bytes[from] === P) return parseLine(bytes, from, to);
  if (bytes[from] === CR) return parseBinary(bytes, from, to);
  return new ProxyHeaderError("the connection does not begin with a PROXY header");
}

// Version 1: one line of text.

/** The longest line, CRLF included (§2.1). */
const MAX_LINE = 107;
const UNKNOWN = "PROXY UNKNOWN", TCP4 = "PROXY TCP4 ", TCP6 = "PROXY TCP6 ";
/** What stands behind UNKNOWN is to be ignored; bytes that no line of text has are refused all the same. */
const UNKNOWN_LINE = /^PROXY UNKNOWN(?: [\x20-\x7e]*)?\r\n$/;
const TCP_LINE = /^PROXY TCP([46]) ([0-9A-Fa-f:.]+) ([0-9A-Fa-f:.]+) (0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4})\r\n$/;
/** One of these makes an address or a port of any text that can still become one. */
const ENDS = ["", "0", "0.0", "0.0.0", "0.0.0.0", ".0", ".0.0", ".0.0.0", ":", "::"];

function parseLine(bytes: Uint8Array, from: number, to: number): ProxyHeaderResult {
  const most = bytes.subarray(from, Math.min(to, from + MAX_LINE));
  const lf = most.indexOf(LF);
  const text = String.fromCharCode(...(lf < 0 ? most : most.subarray(0, lf + 1)));
  if (lf < 0 && canBecomeLine(text)) return "incomplete";
  return readLine(text) ?? new ProxyHeaderError("the PROXY line (version 1) is malformed");
}

function readLine(line: string): ProxyHeader | null {
  const { length } = line;
  if (length > MAX_LINE) return null;
  if (UNKNOWN_LINE.test(line)) return { length, source: null, destination: null };
  const match = TCP_LINE.exec(line);
  if (match === null) return null;
  const [, family, ...ends] = match;
  const source = readEnd(family, ends[0], ends[2]), destination = readEnd(family, ends[1], ends[3]);
  return source === null || destination === null ? null : { length, source, destination };
}

/** TCP6 takes the form `::ffff:1.2.3.4` too: it is what senders write that listen on both families with one socket. */
function readEnd(family: string, address: string, port: string): ProxiedAddress | null {
  const valid = family === "4" ? parseIPv4(address) >= 0 : parseIPv6(address) !== null;
  const hostname = valid ? normaliseAddress(address) : null;
  return hostname === null || Number(port) > 0xffff ? null : { hostname, port: Number(port) };
}

/** Whether the start of a line has an end that makes it valid. It tries the shortest ones. */
function canBecomeLine(text: string): boolean {
  if ([UNKNOWN, TCP4, TCP6].some((start) => start.startsWith(text))) return true;
  if (text.endsWith("\r")) return readLine(text + "\n") !== null;
  if (text.startsWith(UNKNOWN)) return readLine(text + "\r\n") !== null;
  const missing = 6 - text.split(" ").length;
  if (missing < 0) return false;
  const address = missing < 3 ? "" : text.startsWith(TCP4) ? " 0.0.0.0" : " ::";
  const rest = address + " 0".repeat(Math.min(missing, 2)) + "\r\n";
  return ENDS.some((end) => readLine(text + end + rest) !== null);
}

// Version 2: binary.

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const FIXED_BYTES = 16;
/** Version and command in one byte (§2.2). */
const LOCAL = 0x20, PROXY = 0x21;
/** Family and transport in one byte. Datagrams are not among them: none came through the stream that said so. */
const UNSPECIFIED = 0x00, TCP_IPV4 = 0x11, TCP_IPV6 = 0x21, UNIX_STREAM = 0x31;
/** Most bytes behind the addresses. The largest known TLV carries a client certificate's names. */
const MAX_TLV_BYTES = 4096;
const CRC32C_TYPE = 0x03;
/** The Castagnoli polynomial, its bits reversed (RFC 3309). */
const CASTAGNOLI = 0x82f63b78;

function parseBinary(bytes: Uint8Array, from: number, to: number): ProxyHeaderResult {
  const there = to - from;
  for (let i = 0; i < SIGNATURE.length && i < there; i++) {
    if (bytes[from + i] !== SIGNATURE[i]) return malformed("a wrong signature");
  }
  const command = bytes[from + 12], kind = bytes[from + 13];
  if (there > 12 && command !== LOCAL && command !== PROXY) return malformed("an unknown version or command");
  // LOCAL says that everything behind the length is to be ignored, the family as well.
  const addresses = there > 13 && command === PROXY ? addressBytes(kind) : 0;
  if (addresses < 0) return malformed("an unknown or unusable address family");
  if (there < FIXED_BYTES) return "incomplete";
  const size = readUint16(bytes, from + 14);
  if (size < addresses) return malformed("no room for the addresses");
  if (size - addresses > MAX_TLV_BYTES) return malformed(`more than ${MAX_TLV_BYTES} bytes behind the addresses`);
  const start = from + FIXED_BYTES, end = start + size;
  if (command === PROXY) {
    const wrong = checkTlvs(bytes, { from, at: start + addresses, end, to: Math.min(to, end) });
    if (wrong !== null) return malformed(wrong);
  }
  if (to < end) return "incomplete";
  const length = end - from;
  if (command === LOCAL || (kind !== TCP_IPV4 && kind !== TCP_IPV6)) return { length, source: null, destination: null };
  const width = kind === TCP_IPV4 ? 4 : 16, ports = start + 2 * width;
  return {
    length,
    source: { hostname: readAddress(bytes, start, width), port: readUint16(bytes, ports) },
    destination: { hostname: readAddress(bytes, start + width, width), port: readUint16(bytes, ports + 2) },
  };
}

function malformed(what: string): ProxyHeaderError {
  return new ProxyHeaderError(`the PROXY header (version 2) has ${what}`);
}

/** Length of the two ends, or -1 for a family that cannot be. */
function addressBytes(kind: number): number {
  switch (kind) {
    case UNSPECIFIED:
      return 0;
    case TCP_IPV4:
      return 12;
    case TCP_IPV6:
      return 36;
    case UNIX_STREAM:
      return 216;
    default:
      return -1;
  }
}

function readAddress(bytes: Uint8Array, at: number, width: number): string {
  if (width === 4) return formatIPv4(readUint32(bytes, at));
  const groups: number[] = [];
  for (let i = 0; i < width; i += 2) groups.push(readUint16(bytes, at + i));
  const mapped = mappedIPv4(groups);
  return mapped >= 0 ? formatIPv4(mapped) : formatIPv6(groups);
}

/**
 * Whether types, lengths and values fill the header to its end, as far as it is there, and its checksum is right (§2.2.3).
 * @param place `from` and `end` of the header, the first TLV, and `to` which byte of it there is something
 */
function checkTlvs(bytes: Uint8Array, place: { from: number; at: number; end: number; to: number }): string | null {
  const { from, end, to } = place;
  let checksum = -1;
  for (let at = place.at; at < end;) {
    if (at + 3 > end) return "a TLV that breaks off";
    if (at + 3 > to) return null;
    const value = at + 3, length = readUint16(bytes, at + 1);
    if (value + length > end) return "a TLV that is longer than the header";
    if (bytes[at] === CRC32C_TYPE) {
      if (checksum >= 0 || length !== 4) return "a checksum of a wrong length, or two";
      checksum = value;
    }
    at = value + length;
  }
  if (to < end || checksum < 0) return null;
  return readUint32(bytes, checksum) === crc32c(bytes, from, end, checksum) ? null : "a wrong checksum";
}

/** CRC-32C of `bytes[from, to)`, the four bytes at `blank` taken as zero. Bit by bit: it is used once a connection. */
function crc32c(bytes: Uint8Array, from: number, to: number, blank: number): number {
  let crc = ~0;
  for (let i = from; i < to; i++) {
    if (i < blank || i >= blank + 4) crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : CASTAGNOLI);
  }
  return ~crc >>> 0;
}

function readUint16(bytes: Uint8Array, at: number): number {
  return bytes[at] * 256 + bytes[at + 1];
}

function readUint32(bytes: Uint8Array, at: number): number {
  return readUint16(bytes, at) * 0x10000 + readUint16(bytes, at + 2);
}
