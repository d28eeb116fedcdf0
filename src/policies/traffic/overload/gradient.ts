/** The step of the adaptive limit: from one window's latency to the next limit. @module */

/** What one window has shown. Latencies in milliseconds. */
export interface WindowSeen {
  /** The limit that was in force. */
  readonly limit: number;
  /** Latency without load. */
  readonly minRtt: number;
  /** Latency in this window. */
  readonly latency: number;
  /** Most requests under way at one time. */
  readonly peak: number;
}

/** One window takes away half the limit at most: the shorter the window, the more of its latency is noise. */
const STEEPEST = 0.5;
/** Share of the way to the new limit that is gone in one window, as Netflix's `Gradient2Limit` smooths. */
const SMOOTHING = 0.5;

/**
 * How far the latency has left the room that is given to it: 1 within, less beyond.
 *
 * @param buffer share of `minRtt` that is no sign of a queue
 */
export function gradientOf({ minRtt, latency }: WindowSeen, buffer: number): number {
  return Math.max(STEEPEST, Math.min(1, minRtt * (1 + buffer) / latency));
}

/**
 * The next limit, not yet within its bounds: `limit × gradient + √(limit × gradient)`, as Envoy has it. The root is the
 * headroom by which the limit feels its way upwards: large enough to find room, small against a large limit.
 *
 * It grows only where it was used: with half of it free, latency says nothing about more.
 */
export function nextLimit(seen: WindowSeen, buffer: number): number {
  const kept = seen.limit * gradientOf(seen, buffer), target = kept + Math.sqrt(kept);
  if (target > seen.limit && seen.peak * 2 < seen.limit) return seen.limit;
  return seen.limit + (target - seen.limit) * SMOOTHING;
}
