/** Sets of address blocks: `trustedProxies`, allow and deny lists. @module */

import { formatIPv4, formatIPv6, mappedIPv4, parseIPv4, parseIPv6 } from "../core/ip_address.ts";

/** One text that is no address block. */
export interface CidrIssue {
  /** Where in the list. */
  readonly index: number;
  readonly seen: string;
  readonly error: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** Why a list of blocks cannot be used: every text that is wrong. */
export interface CidrError {
  readonly issues: readonly CidrIssue[];
}

interface Block<Address> {
  readonly start: Address;
  readonly end: Address;
}

type Groups = readonly number[];

/**
 * Address blocks behind a binary search, IPv4 and IPv6 apart: `::/0` holds no IPv4 address. An IPv4-mapped address
 * (`::ffff:10.0.0.1`) counts as the IPv4 address in it, in the blocks as in what is looked up.
 */
export class CidrSet {
  /** Sorted and disjoint, as `#v6`. */
  readonly #v4: readonly Block<number>[];
  readonly #v6: readonly Block<Groups>[];

  private constructor(v4: Block<number>[], v6: Block<Groups>[]) {
    this.#v4 = disjoint(v4, (a, b) => a - b);
    this.#v6 = disjoint(v6, compareGroups);
  }

  /** The set that holds nothing. */
  static readonly EMPTY: CidrSet = new CidrSet([], []);

  /** The set of `texts`: blocks (`10.0.0.0/8`, `fd00::/8`) and single addresses; or every one of them that is wrong. */
  static parse(texts: readonly string[]): CidrSet | CidrError {
    const v4: Block<number>[] = [], v6: Block<Groups>[] = [], issues: CidrIssue[] = [];
    texts.forEach((text, index) => {
      const block = parseBlock(text);
      if ("error" in block) issues.push({ index, seen: text, ...block });
      else if (typeof block.start === "number") v4.push(block as Block<number>);
      else v6.push(block as Block<Groups>);
    });
    return issues.length > 0 ? { issues } : new CidrSet(v4, v6);
  }

  /** Whether nothing is in the set. */
  get empty(): boolean {
    return this.#v4.length === 0 && this.#v6.length === 0;
  }

  /** Whether the address lies in one of the blocks. Text that is no address lies in none; brackets and zones are none. */
  has(ip: string): boolean {
    if (this.empty) return false;
    const quad = parseIPv4(ip);
    if (quad >= 0) return this.#hasIPv4(quad);
    const groups = parseIPv6(ip);
    if (groups === null) return false;
    const mapped = mappedIPv4(groups);
    return mapped >= 0 ? this.#hasIPv4(mapped) : this.#hasIPv6(groups);
  }

  #hasIPv4(address: number): boolean {
    const blocks = this.#v4;
    let low = 0, high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (blocks[middle].end < address) low = middle + 1;
      else high = middle;
    }
    return low < blocks.length && blocks[low].start <= address;
  }

  #hasIPv6(address: Groups): boolean {
    const blocks = this.#v6;
    let low = 0, high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareGroups(blocks[middle].end, address) < 0) low = middle + 1;
      else high = middle;
    }
    return low < blocks.length && compareGroups(blocks[low].start, address) <= 0;
  }
}

/** Tells the two results of {@link CidrSet.parse} apart. */
export function isCidrError(result: CidrSet | CidrError): result is CidrError {
  return !(result instanceof CidrSet);
}

type BlockError = Pick<CidrIssue, "error" | "remedy">;

function parseBlock(text: string): Block<number> | Block<Groups> | BlockError {
  const slash = text.indexOf("/"), address = slash < 0 ? text : text.slice(0, slash);
  const quad = parseIPv4(address), groups = quad < 0 ? parseIPv6(address) : null;
  if (quad < 0 && groups === null) {
    return { error: "this is not an IP address", remedy: 'an address or a block, such as "10.0.0.0/8" or "fd00::/8"' };
  }
  const width = groups === null ? 32 : 128, prefixText = slash < 0 ? String(width) : text.slice(slash + 1);
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(prefixText) ? Number(prefixText) : Infinity;
  if (prefix > width) {
    return { error: `the prefix length is not a number from 0 to ${width}`, remedy: `"${address}/${width}"` };
  }
  const bits = groups ?? [quad >>> 16, quad & 0xffff];
  const start = bits.map((group, i) => group & ~hostMask(prefix - 16 * i));
  const end = bits.map((group, i) => group | hostMask(prefix - 16 * i));
  if (compareGroups(start, bits) !== 0) {
    const written = groups === null ? formatIPv4(joined(start, 0)) : formatIPv6(start);
    return { error: "the address has bits beyond the prefix", remedy: `"${written}/${prefix}", or "${address}"` };
  }
  if (groups === null) return { start: joined(start, 0), end: joined(end, 0) };
  return mappedIPv4(start) >= 0 && prefix >= 96 ? { start: joined(start, 6), end: joined(end, 6) } : { start, end };
}

/** The bits of a 16-bit group that lie beyond the first `network` bits. */
function hostMask(network: number): number {
  return 0xffff >>> Math.min(Math.max(network, 0), 16);
}

function joined(groups: Groups, at: number): number {
  return groups[at] * 0x10000 + groups[at + 1];
}

function compareGroups(a: Groups, b: Groups): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

/** Sorted, without blocks that lie in others. Two blocks are nested or apart, so sorting by start, then widest, suffices. */
function disjoint<Address>(
  blocks: Block<Address>[],
  compare: (a: Address, b: Address) => number,
): readonly Block<Address>[] {
  const sorted = blocks.sort((a, b) => compare(a.start, b.start) || compare(b.end, a.end)), kept: Block<Address>[] = [];
  for (const block of sorted) {
    if (kept.length === 0 || compare(kept[kept.length - 1].end, block.start) < 0) kept.push(block);
  }
  return kept;
}
