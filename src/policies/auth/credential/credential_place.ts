/** Where a request carries a credential. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { cookieValueOnce, cookieWithout } from "./cookie_pairs.ts";
import { parameterOnce, queryWithout } from "./query_parameters.ts";

/** There is none. An empty one counts as none. */
export const NO_CREDENTIAL = "";
/** There is more than one. */
export const SEVERAL_CREDENTIALS = null;

/** A place that can be read and emptied. */
export interface CredentialPlace {
  /** What is there, with its scheme where it has one. */
  read(exchange: Exchange): string | typeof NO_CREDENTIAL | typeof SEVERAL_CREDENTIALS;
  /** Takes the credential away and leaves everything beside it as it is. */
  remove(exchange: Exchange): void;
}

/** A header. Fields of one name are one value with commas. @param name in lower case */
export function inHeader(name: string): CredentialPlace {
  return { read: ({ headers }) => headers.get(name) ?? NO_CREDENTIAL, remove: ({ headers }) => headers.remove(name) };
}

/** A parameter of the query. */
export function inQuery(name: string): CredentialPlace {
  return {
    read: ({ query }) => parameterOnce(query, name),
    remove(exchange) {
      exchange.query = queryWithout(exchange.query, name);
    },
  };
}

/** A cookie. */
export function inCookie(name: string): CredentialPlace {
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
