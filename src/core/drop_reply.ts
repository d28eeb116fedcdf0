/** Replies that nobody sends. @module */

import { isBodySource } from "./body.ts";
import type { Reply } from "./reply.ts";

/** Gives up what a reply holds: the rest of its body, and the endpoint's side of a connection. */
export function dropReply({ body, tunnel }: Reply): void {
  if (isBodySource(body)) body.cancel();
  tunnel?.close();
}
