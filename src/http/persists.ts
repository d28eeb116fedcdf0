/** Whether a connection lives on behind a message. @module */

import { withoutBlanks } from "./without_blanks.ts";

/**
 * What `Connection` says about it (RFC 9112 §9.3).
 *
 * @param connection the combined value, `""` for none
 * @param http11 whether the message is of HTTP/1.1, where connections live on unless something else is said
 */
export function persists(connection: string, http11: boolean): boolean {
  if (connection === "") return http11;
  let persistent = http11;
  for (const option of connection.toLowerCase().split(",")) {
    const name = withoutBlanks(option);
    if (name === "close") return false;
    if (name === "keep-alive") persistent = true;
  }
  return persistent;
}
