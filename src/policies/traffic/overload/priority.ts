/** What is shed first. @module */

/** How important a request is. */
export type Priority = "critical" | "high" | "normal" | "low";

/** From the one that is shed last to the one that is shed first. */
export const PRIORITIES: readonly Priority[] = ["critical", "high", "normal", "low"];

/** How much the pressure rises from none of a priority to all of it. */
const RAMP_WIDTH = 0.2;

/** Pressures between which the share of requests that are shed rises from none to all; 1 is the bound that is set. */
interface Ramp {
  readonly from: number;
  readonly to: number;
}

/**
 * Each begins where the one before it is all gone, so that a request is never shed while a less important one passes. The
 * normal ones are gone at the bound: it is what everybody can rely on, and what is above it is there for those who count
 * more. The critical ones pass up to twice the bound: beyond that, the process itself is at stake, and with it all.
 */
const RAMPS: Readonly<Record<Priority, Ramp>> = {
  low: { from: 0.6, to: 0.8 },
  normal: { from: 0.8, to: 1 },
  high: { from: 1, to: 1.2 },
  critical: { from: 1.8, to: 2 },
};

/**
 * Share of the requests of this priority that is shed, from 0 to 1.
 *
 * A share rather than a threshold: with one, everybody would be shed until the pressure falls, and then nobody until it is
 * back, in step with how late the pressure is known. A share that rises with the pressure settles where as many pass as
 * can be served. Envoy's overload manager scales its actions in the same way.
 *
 * @param pressure what there is by what there may be
 */
export function shedShare(priority: Priority, pressure: number): number {
  const { from, to } = RAMPS[priority];
  return Math.min(1, Math.max(0, (pressure - from) / (to - from)));
}

/**
 * The pressure of a delay. At `bound` the normal requests begin to be shed; each doubling leads one priority further.
 *
 * By doublings, as an event loop's delay grows by a factor: each turn takes as long as all that has come in during the
 * one before it. In proportion, the ramps would be so steep that the share overshoots from turn to turn.
 */
export function delayPressure(ms: number, bound: number): number {
  return RAMPS.normal.from + RAMP_WIDTH * Math.log2(ms / bound);
}
