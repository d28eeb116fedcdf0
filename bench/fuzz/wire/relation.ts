/** "The same verdict, or stricter": what must hold between the gateway and two servers that many people trust. @module */

import { canonicalTarget, disagreement } from "./agreement.ts";
import { knownDifference } from "../known_difference.ts";
import { startLines } from "../models/framing_model.ts";
import { KNOWN_OF_NGINX, KNOWN_OF_NODE } from "./known.ts";
import type { Reading } from "./reading.ts";
import { isReading, type Verdict } from "./verdict.ts";

/** In a message: not refused or missing there, but read in another way. */
export const MIXED = "has another";

/** Field lines that are scanned at most for where the next request begins. */
const MAX_LINES = 1000;

/** What the three made of the same bytes. */
export interface Verdicts {
  /** The bytes, one character each, with the request of ours behind them. */
  readonly sent: string;
  readonly gateway: Verdict;
  readonly node: Verdict;
  readonly nginx: Verdict;
}

/**
 * What is wrong with the gateway's verdict, or `null`: each request that it let through must have been let through, and
 * read alike, in the same place by Node, or each by nginx. So it accepts nothing that both refuse, makes no two requests
 * of one, and ends no body at a place where neither of them ends it. Where both differ in ways that we know, nothing is.
 */
export function violation(verdicts: Verdicts): string | null {
  const { node, nginx } = differences(verdicts);
  if (node === null || nginx === null || excuse(verdicts) !== null) return null;
  return `unlike node: ${node}; unlike nginx: ${nginx}`;
}

/** Why it is no violation that both differ; `null` where not both do, or where it is one. */
export function excuse(verdicts: Verdicts): string | null {
  const { node, nginx } = differences(verdicts);
  if (node === null || nginx === null) return null;
  const ofNode = knownDifference(KNOWN_OF_NODE, node, verdicts.sent);
  const ofNginx = knownDifference(KNOWN_OF_NGINX, nginx, verdicts.sent);
  return ofNode === null || ofNginx === null ? null : `${ofNode}; ${ofNginx}`;
}

/** How Node or nginx differ from a gateway that accepted a request, or `null`. Where only one does, it is not a violation. */
export function dispute(verdicts: Verdicts): string | null {
  if (!verdicts.gateway.results.some(isReading)) return null;
  const { node, nginx } = differences(verdicts);
  return node !== null ? `unlike node: ${node}` : nginx !== null ? `unlike nginx: ${nginx}` : null;
}

function differences({ sent, gateway, node, nginx }: Verdicts): { node: string | null; nginx: string | null } {
  return { node: firstDifference(sent, gateway, node, true), nginx: firstDifference(sent, gateway, nginx, false) };
}

function firstDifference(sent: string, ours: Verdict, theirs: Verdict, direct: boolean): string | null {
  const last = Math.max(0, theirs.results.length - 1);
  for (const [at, reading] of ours.results.entries()) {
    if (!isReading(reading)) continue;
    const other = theirs.results[at];
    // We may go on after an answer of our own where others close, if it is with the request that really comes next.
    if (other === undefined && !isReading(ours.results[last]) && isNext(sent, at, reading)) continue;
    if (other === undefined) return `request ${at + 1} is not seen there`;
    if (!isReading(other)) return `request ${at + 1} is refused there with ${`${other.status} ${other.code}`.trim()}`;
    const difference = disagreement(reading, other, direct);
    if (difference !== null) return `request ${at + 1} ${MIXED} ${difference} there`;
  }
  return null;
}

/** Whether the request in this place is the one that a reading is of, where requests end by RFC 9112's framing. */
function isNext(sent: string, at: number, reading: Reading): boolean {
  const [method, target] = startLines(sent, MAX_LINES)[at]?.split(" ") ?? [];
  return method === reading.method && target !== undefined && canonicalTarget(target) === reading.target;
}
