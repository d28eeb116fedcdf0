/** How an answer that was streamed ended. @module */

/** Whole; broken off by its source; or the client took no more. */
export type StreamEnding = "complete" | "broken" | "left";
