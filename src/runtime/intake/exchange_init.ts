/** What every exchange begins with. @module */

import type { Client, ExchangeInit } from "../../core/exchange.ts";
import type { HeaderList } from "../../core/header_list.ts";
import type { RequestFacts } from "./request_facts.ts";
import type { Target } from "./target.ts";

/** What a request has said of itself. */
export interface Received {
  readonly method: string;
  readonly target: Target;
  /** The listener's own: what a target says of it is the client's word. */
  readonly scheme: "http" | "https";
  readonly headers: HeaderList;
}

/** An exchange without a body, its client found and its id taken or made. @param peer the connection's other end */
export function exchangeInit(
  { method, target, scheme, headers }: Received,
  peer: Client,
  facts: RequestFacts,
): ExchangeInit {
  const { clients, requestIds, requestIdField, clock } = facts, client = clients.ofRequest(peer, headers);
  return {
    method,
    path: target.path,
    query: target.query,
    authority: target.authority,
    host: target.host,
    scheme,
    client,
    headers,
    body: null,
    requestId: requestIds.take(headers.get(requestIdField), client.trusted),
    startedAt: clock.now(),
  };
}
