/** The slow origin's paths. @module */

/** What takes its time. */
export const SLOW_PATH = "/slow";

/** How often that was asked for, as a number. */
export const ASKED_PATH = "/asked";
