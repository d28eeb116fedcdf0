/** The runtime's 101 to a client, with what the endpoint said. @module */

import type { HeaderList } from "../../../core/header_list.ts";
import { RESPONSE_HOP } from "../../../http/hop_by_hop.ts";

/** What ends at this hop, and what the runtime answers itself: its key is the client's, and it uses no extensions. */
const DROPPED: ReadonlySet<string> = new Set([
  ...RESPONSE_HOP,
  "content-length",
  "sec-websocket-accept",
  "sec-websocket-extensions",
]);

/** Adds the endpoint's fields, the chosen subprotocol among them, and the request's id. */
export function addFields({ headers }: Response, from: HeaderList, requestIdField: string, requestId: string): void {
  const fields = from.flat();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    if (!DROPPED.has(name) && name !== requestIdField) headers.append(name, fields[i + 1]);
  }
  headers.append(requestIdField, requestId);
}
