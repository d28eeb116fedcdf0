/** Chance as the gateway sees it. @module */

/** A number from 0 (included) to 1 (excluded). Not for secrets. */
export type Random = () => number;

/** The runtime's generator. */
export const systemRandom: Random = () => Math.random();
