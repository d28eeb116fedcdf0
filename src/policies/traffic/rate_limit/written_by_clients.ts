/** What clients choose for themselves. @module */

/** Keys that whoever sends the request writes. */
export const WRITTEN_BY_CLIENTS = /^(?:header|query|cookie|form):/;
