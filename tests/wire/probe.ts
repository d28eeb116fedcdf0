/** A second request on a connection, which tells whether it was kept. @module */

import { answer } from "../support/scripted_origin.ts";

const TARGET = "/wire-probe";

/** The request. */
export const PROBE = `GET ${TARGET} HTTP/1.1\r\nHost: probe.example\r\n\r\n`;

/** What the origin answers to it. */
export const PROBE_BODY = "the connection was kept";
export const PROBE_ANSWER: string = answer(200, PROBE_BODY);

/** Whether a request at the origin is the probe. */
export function isProbe(target: string): boolean {
  return target === TARGET;
}
