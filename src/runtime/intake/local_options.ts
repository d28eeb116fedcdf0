/** OPTIONS requests that are answered here (RFC 9110 §7.6.2, §9.3.7). @module */

import type { Exchange } from "../../core/exchange.ts";
import { HeaderList } from "../../core/header_list.ts";
import { Reply } from "../../core/reply.ts";
import { ALLOW } from "./allow.ts";

const COUNT = /^\d{1,9}$/;

/** The path of a request that asks about the server and not about a resource. */
export const WHOLE_SERVER = "*";

/**
 * Makes the answer to `OPTIONS *`, and to one that may go no further; `null` where it goes on, one hop poorer.
 * A `Max-Forwards` that is no number goes on as it came.
 */
export function localOptions(exchange: Exchange): (() => Reply) | null {
  if (exchange.method !== "OPTIONS") return null;
  if (exchange.path === WHOLE_SERVER) return allowed;
  const hops = exchange.headers.get("max-forwards");
  if (hops === null || !COUNT.test(hops)) return null;
  if (Number(hops) === 0) return allowed;
  exchange.headers.set("max-forwards", String(Number(hops) - 1));
  return null;
}

function allowed(): Reply {
  return new Reply(204, HeaderList.of("allow", ALLOW), null);
}
