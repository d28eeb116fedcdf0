/** The place of what a loader could not make. @module */

/**
 * Stands in the value that a loader hands on where it has reported an issue itself: an unknown policy, a file that cannot
 * be read. The validator says no more about it, and takes what would follow from it for given.
 */
export const UNREADABLE: unique symbol = Symbol("gatewright.unreadable");
