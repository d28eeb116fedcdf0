/** What answers a CORS preflight. @module */

import { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import { HeaderList } from "../core/header_list.ts";
import { Reply } from "../core/reply.ts";
import type { BuiltPolicy } from "./built_policy.ts";
import { foldChain } from "./fold_chain.ts";

/**
 * The part of a chain that runs for preflights, around an empty 204 that its policies complete on the way up; `null` where
 * no policy of the chain answers them. Then a preflight is a request for OPTIONS like any other, for the upstream to answer.
 */
export function preflightChain(chain: readonly BuiltPolicy[]): Handler | null {
  if (!chain.some(({ traits }) => traits.preflight === "answers")) return null;
  const parts = chain.filter(({ traits }) => traits.preflight !== undefined).map(({ middleware }) => middleware);
  return foldChain(parts, () => new Reply(204, HeaderList.of(), null));
}

/** The request that a preflight asks about, as far as routes can tell: it has the method, and not yet the fields. */
export function askedFor(preflight: Exchange, method: string): Exchange {
  const { path, query, authority, host, scheme, client, headers, body, requestId, startedAt } = preflight;
  return new Exchange({ method, path, query, authority, host, scheme, client, headers, body, requestId, startedAt });
}
