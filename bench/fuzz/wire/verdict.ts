/** What a server made of a connection. @module */

import type { Conversation } from "./conversation.ts";
import { decodeReading, type Reading, READING_FIELD } from "./reading.ts";

/** A server's own answer to a request. */
export interface OwnAnswer {
  readonly status: number;
  /** Why, as the `code` of a problem document (RFC 9457) or of the Node server; `""` where neither is there. */
  readonly code: string;
}

/** What became of one request: how it was read where it was accepted, else the server's own answer. */
export type Result = Reading | OwnAnswer;

/** What became of the requests that a server found, in order, and how it ended. */
export interface Verdict {
  readonly results: readonly Result[];
  /** `closed`: it closed the connection; `waiting`: it expected more. */
  readonly end: "closed" | "waiting";
}

const HEAD = /HTTP\/1\.[01] ([0-9]{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/g;
const READING = new RegExp(`^${READING_FIELD}: (.*)$`, "im");
const CODE = /^(?:(?!HTTP\/1)[^])*?"code":"([a-z_]+)"/;

/** Reads a server's answers. Those that come from behind it carry a reading; the others are its own. */
export function verdictOf({ received, end }: Conversation): Verdict {
  const results: Result[] = [];
  for (const { 0: head, 1: status, 2: fields, index } of received.matchAll(HEAD)) {
    if (status.startsWith("1")) continue;
    const reading = READING.exec(fields);
    if (reading !== null) results.push(decodeReading(reading[1].trim()));
    else results.push({ status: Number(status), code: CODE.exec(received.slice(index + head.length))?.[1] ?? "" });
  }
  return { results, end };
}

/** Whether the request went through to whoever reads it. */
export function isReading(result: Result | undefined): result is Reading {
  return result !== undefined && "target" in result;
}
