/** "The same verdict, or stricter": what must hold between the gateway and two servers that many people trust. @module */

import { disagreement } from "./agreement.ts";
import { isSentinel } from "./sentinel.ts";
import { isReading, type Verdict } from "./verdict.ts";

/** In a message: not refused or missing there, but read in another way. */
export const MIXED = "has another";

/** What the three made of the same bytes. */
export interface Verdicts {
  readonly gateway: Verdict;
  readonly node: Verdict;
  readonly nginx: Verdict;
}

/**
 * What is wrong with the gateway's verdict, or `null`: each request that it let through must have been let through, and
 * read alike, in the same place by Node, or each by nginx. So it accepts nothing that both refuse, makes no two requests
 * of one, and ends no body at a place where neither of them ends it.
 */
export function violation({ gateway, node, nginx }: Verdicts): string | null {
  const fromNode = firstDifference(gateway, node, true), fromNginx = firstDifference(gateway, nginx, false);
  return fromNode === null || fromNginx === null ? null : `unlike node: ${fromNode}; unlike nginx: ${fromNginx}`;
}

/** How Node or nginx differ from a gateway that accepted a request, or `null`. Where only one does, it is not a violation. */
export function dispute({ gateway, node, nginx }: Verdicts): string | null {
  if (!gateway.results.some(isReading)) return null;
  const fromNode = firstDifference(gateway, node, true), fromNginx = firstDifference(gateway, nginx, false);
  return fromNode !== null ? `unlike node: ${fromNode}` : fromNginx !== null ? `unlike nginx: ${fromNginx}` : null;
}

function firstDifference(ours: Verdict, theirs: Verdict, direct: boolean): string | null {
  for (const [at, reading] of ours.results.entries()) {
    if (!isReading(reading)) continue;
    const other = theirs.results[at];
    // We may go on after an answer of our own where others close, if it is with the request that really comes next.
    if (other === undefined && isSentinel(reading.target) && !isReading(ours.results[at - 1])) continue;
    if (other === undefined) return `request ${at + 1} is not seen there`;
    if (!isReading(other)) return `request ${at + 1} is refused there with ${`${other.status} ${other.code}`.trim()}`;
    const difference = disagreement(reading, other, direct);
    if (difference !== null) return `request ${at + 1} ${MIXED} ${difference} there`;
  }
  return null;
}
