/**
 * The report for reading.
 *
 * @module
 */
import type { PeerVerdict } from "./run.ts";

/** A line for each gateway: how many of the tests it passes. */
export function renderShares(found: readonly PeerVerdict[]): string {
  return found.map(({ peer, verdict: { ran, skipped, failures } }) => {
    return `${peer}: ${ran - skipped - failures.length} of ${ran} passed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  }).join("\n");
}

/** The tests that one gateway does not pass, each with what the suite says. */
export function renderFailures({ peer, verdict: { failures } }: PeerVerdict): string {
  return [`${peer}: ${failures.length} not passed`, ...failures.map(({ test, reason }) => `- ${test}: ${reason}`)].join(
    "\n",
  );
}
