/**
 * Picks what to run from what the command line names and the machine has.
 *
 * @module
 */
import type { Peer } from "./peer.ts";

/** A peer that can run here. */
export interface Found {
  readonly peer: Peer;
  readonly version: string;
}

/** A peer that cannot, and what has to be done first. */
export interface Missing {
  readonly peer: Peer;
  readonly missing: string;
}

/**
 * The items whose id is named, in their own order; all when none is named.
 *
 * @throws {Error} for an id that no item has
 */
export function choose<T extends { readonly id: string }>(
  flag: string,
  items: readonly T[],
  ids: readonly string[],
): T[] {
  const known = items.map(({ id }) => id);
  for (const id of ids) {
    if (!known.includes(id)) throw new Error(`--${flag} ${JSON.stringify(id)}: there are ${known.join(", ")}`);
  }
  return items.filter(({ id }) => ids.length === 0 || ids.includes(id));
}

/** Asks each peer whether it can run here, which may install it; `signal` ends that. */
export async function findPeers(
  peers: readonly Peer[],
  signal: AbortSignal,
): Promise<{ found: Found[]; missing: Missing[] }> {
  const found: Found[] = [];
  const missing: Missing[] = [];
  for (const peer of peers) {
    const answer = await peer.find(signal);
    if ("version" in answer) found.push({ peer, version: answer.version });
    else missing.push({ peer, missing: answer.missing });
  }
  return { found, missing };
}
