/** Requests of one route shared out among upstreams. @module */

import type { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import { type KeyReader, parseKey } from "../core/key.ts";
import type { Random } from "../core/random.ts";
import { headerTest } from "../policies/traffic/header_condition.ts";
import { hashText } from "./balancers/hash_text.ts";
import type { BranchPlan } from "./traffic_plan.ts";

/** A branch with what answers for it. */
export interface Branch extends Pick<BranchPlan, "weight" | "when"> {
  /** What a key's lots depend on; branches of the same name draw apart. */
  readonly name: string;
  readonly handler: Handler;
}

/**
 * Takes the branch that a header forces, else one by the weights: by chance, or by a key, so that a client stays where it
 * is while the weights do. A key's branch is the one with the best lot for it (weighted rendezvous hashing), so that a
 * branch whose weight grows takes clients from the others, and nobody else moves.
 *
 * @param stickyBy keys of the key grammar; the first that is present counts, none: by chance
 */
export function splitOver(branches: readonly Branch[], stickyBy: readonly string[], random: Random): Handler {
  const readers = stickyBy.map(readerOf), forced = branches.flatMap(forcedBranch);
  const weighted = withLots(branches.filter(({ weight }) => weight > 0));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const keyOf = (exchange: Exchange): string | undefined => {
    for (const read of readers) {
      const value = read(exchange);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return (exchange) => {
    for (const { isForced, handler } of forced) if (isForced(exchange)) return handler(exchange);
    const key = keyOf(exchange);
    return (key === undefined ? byChance(weighted, random() * total) : byKey(weighted, key)).handler(exchange);
  };
}

/** A branch that takes part in the draw. */
interface Drawn extends Branch {
  /** Its name, with its number where others have that name too. */
  readonly lot: string;
}

/** Without a lot of its own, of two branches of one name only the heavier would ever win. */
function withLots(branches: readonly Branch[]): readonly Drawn[] {
  const seen = new Map<string, number>();
  return branches.map((branch) => {
    const { name } = branch, before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return { ...branch, lot: before === 0 ? name : `${name} #${before + 1}` };
  });
}

function forcedBranch({ when, handler }: Branch): { isForced: (exchange: Exchange) => boolean; handler: Handler }[] {
  return when === null ? [] : [{ isForced: headerTest(when), handler }];
}

/** @param point from 0 to the sum of the weights */
function byChance(branches: readonly Branch[], point: number): Branch {
  let left = point;
  return branches.find(({ weight }) => (left -= weight) < 0) ?? branches[branches.length - 1];
}

function byKey(branches: readonly Drawn[], key: string): Branch {
  let best = branches[0], least = Infinity;
  for (const branch of branches) {
    const lot = -Math.log((hashText(`${branch.lot} ${key}`) + 1) / 2 ** 32) / branch.weight;
    if (lot < least) [best, least] = [branch, lot];
  }
  return best;
}

function readerOf(key: string): KeyReader {
  const reader = parseKey(key);
  if (reader === undefined) throw new TypeError(`"${key}" is not a key`);
  return reader;
}
