/** Entries of address lists that change nothing. @module */

import { mappedIPv4, normaliseAddress, parseIPv4, parseIPv6 } from "../../core/ip_address.ts";
import type { PolicyWarning } from "../../core/policy.ts";
import { CidrSet, isCidrError } from "../../http/cidr.ts";
import type { AddressPlan, IpFilterPlan } from "./ip_filter_schema.ts";

/** Longer lists are made by programs, and comparing each entry with each takes its time. */
const MOST_COMPARED = 500;

interface Block {
  readonly text: string;
  /** Where it stands in its list. */
  readonly index: number;
  /** Its first address. */
  readonly first: string;
  readonly isIPv4: boolean;
  /** Bits, an IPv4-mapped block counted as the IPv4 block that it is. */
  readonly prefix: number;
  readonly set: CidrSet;
}

/** What the lists have to no effect: entries within others, allowed ones that are denied, denied ones that nobody allows. */
export function overlapWarnings({ allow = [], deny }: IpFilterPlan): PolicyWarning[] {
  const allowed = blocksOf(allow), denied = blocksOf(deny);
  if (allowed.length + denied.length > MOST_COMPARED) return [];
  return [
    ...allowed.flatMap((block) => {
      const by = denied.find((other) => holds(other, block));
      if (by !== undefined) {
        return [warning("allow", block, `deny has ${by.text}, so nobody of these passes`, "another deny, or not this")];
      }
      return withinOthers("allow", block, allowed);
    }),
    ...denied.flatMap((block) => {
      const within = withinOthers("deny", block, denied), known = allow.length > 0 && allowed.length === allow.length;
      if (within.length > 0 || !known || allowed.some((other) => holds(other, block) || holds(block, other))) {
        return within;
      }
      return [warning("deny", block, "allow has none of these, so they do not pass anyway", "nothing: leave it out")];
    }),
  ];
}

function withinOthers(list: string, block: Block, blocks: readonly Block[]): PolicyWarning[] {
  // Of two that are the same the later one is too many.
  const around = blocks.find((other) =>
    other !== block && holds(other, block) && (!holds(block, other) || other.index < block.index)
  );
  return around === undefined ? [] : [warning(list, block, `${around.text} has these too`, "nothing: leave it out")];
}

function warning(list: string, { index, text }: Block, message: string, remedy: string): PolicyWarning {
  return { at: [list, index], message, seen: text, remedy };
}

/** Blocks are nested or apart. */
function holds(outer: Block, inner: Block): boolean {
  return outer.isIPv4 === inner.isIPv4 && outer.prefix <= inner.prefix && outer.set.has(inner.first);
}

function blocksOf(list: readonly AddressPlan[]): Block[] {
  return list.flatMap((text, index) => {
    const set = typeof text === "string" ? CidrSet.parse([text]) : null;
    if (typeof text !== "string" || set === null || isCidrError(set)) return [];
    const [address, written] = text.split("/"), groups = parseIPv6(address);
    const isMapped = groups !== null && mappedIPv4(groups) >= 0 && Number(written ?? 128) >= 96;
    const first = normaliseAddress(address) ?? address, isIPv4 = isMapped || parseIPv4(address) >= 0;
    const prefix = written === undefined ? (isIPv4 ? 32 : 128) : Number(written) - (isMapped ? 96 : 0);
    return [{ text, index, first, isIPv4, prefix, set }];
  });
}
