/** Where a request carries its key. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { cookieValueOnce, cookieWithout } from "./cookie_pairs.ts";
import { parameterOnce, queryWithout } from "./query_parameters.ts";

/** A place as it is written: `"header:x-api-key"`, `"query:api_key"`, `"cookie:key"`. */
export type KeyPlace = `header:${string}` | `query:${string}` | `cookie:${string}`;

/** There is no key in this place. An empty one counts as none. */
export const NO_KEY = "";

/** A place that can be read and emptied. */
export interface KeySource {
  /** The key; {@link NO_KEY}; `null` where there is more than one. */
  read(exchange: Exchange): string | null;
  /** Takes the key away and leaves everything beside it as it is. */
  remove(exchange: Exchange): void;
}

/**
 * Prepares a place.
 *
 * @param scheme the authentication scheme before the key, where the place is `header:authorization`
 */
export function keySource(place: KeyPlace, scheme: string): KeySource {
  const colon = place.indexOf(":"), kind = place.slice(0, colon), name = place.slice(colon + 1);
  if (kind === "query") return inQuery(name);
  if (kind === "cookie") return inCookie(name);
  return name === "authorization" ? inAuthorization(scheme) : inHeader(name);
}

function inHeader(name: string): KeySource {
  return {
    read({ headers }) {
      const value = headers.get(name);
      if (value === null) return NO_KEY;
      // Fields of one name come as one value with commas; a key may have a comma too.
      return value.includes(",") && headers.getAll(name).length > 1 ? null : value;
    },
    remove: ({ headers }) => headers.remove(name),
  };
}

/** Credentials of another scheme are somebody else's: they count as absent, and stay. */
function inAuthorization(scheme: string): KeySource {
  const length = scheme.length, lower = scheme.toLowerCase();
  const keyIn = (value: string): string => {
    if (value.charCodeAt(length) !== SPACE || value.slice(0, length).toLowerCase() !== lower) return NO_KEY;
    let start = length + 1;
    while (value.charCodeAt(start) === SPACE) start++;
    return value.slice(start);
  };
  return {
    read({ headers }) {
      const value = headers.get("authorization");
      if (value === null) return NO_KEY;
      if (!value.includes(",")) return keyIn(value);
      const values = headers.getAll("authorization");
      return values.length === 1 ? keyIn(value) : values.some((value) => keyIn(value) !== NO_KEY) ? null : NO_KEY;
    },
    remove({ headers }) {
      const value = headers.get("authorization");
      if (value !== null && keyIn(value) !== NO_KEY) headers.remove("authorization");
    },
  };
}

const SPACE = 0x20;

function inQuery(name: string): KeySource {
  return {
    read: ({ query }) => parameterOnce(query, name),
    remove(exchange) {
      exchange.query = queryWithout(exchange.query, name);
    },
  };
}

function inCookie(name: string): KeySource {
  return {
    read: ({ headers }) => cookieValueOnce(headers.get("cookie"), name),
    remove({ headers }) {
      const before = headers.get("cookie"), after = before === null ? null : cookieWithout(before, name);
      if (after === before || after === null) return;
      headers.remove("cookie");
      if (after !== "") headers.add("cookie", after);
    },
  };
}
