/** Whether an endpoint may switch protocols. @module */

import { ProtocolError } from "./response_head.ts";

/**
 * Only to one that was asked for (RFC 9110 §7.8).
 *
 * @param chosen the answer's `Upgrade`, `null` for none
 * @param asked the request's, as a list; `""` for none
 * @throws ProtocolError
 */
export function checkSwitch(chosen: string | null, asked: string): void {
  const wanted = asked.toLowerCase().split(", ");
  if (chosen === null || asked === "" || !wanted.includes(chosen.toLowerCase())) {
    throw new ProtocolError("switched to a protocol that nobody asked for");
  }
}
