/** Where a request carries its token. @module */

import type { Exchange } from "../../../core/exchange.ts";
import {
  type CredentialPlace,
  inCookie,
  inHeader,
  inQuery,
  NO_CREDENTIAL,
  SEVERAL_CREDENTIALS,
} from "../credential/credential_place.ts";

/** A place as it is written: `"header:authorization"`, `"cookie:session"`, `"query:access_token"`. */
export type TokenPlace = `header:${string}` | `cookie:${string}` | `query:${string}`;

/** Places that can be read and emptied. */
export interface TokenPlaces {
  /**
   * What carries the token: the token itself, or with its scheme in front. It is what is remembered, so that who has
   * shown it before costs no more than this.
   */
  read(exchange: Exchange): string | typeof NO_CREDENTIAL | typeof SEVERAL_CREDENTIALS;
  /**
   * Takes tokens away, and leaves all else as it is.
   *
   * @param kept what {@link read} may find and is to stay
   */
  remove(exchange: Exchange, kept?: readonly string[]): void;
}

/** The token in what {@link TokenPlaces.read} returns. */
export function tokenIn(carrier: string): string {
  return BEARER.test(carrier) ? carrier.slice(carrier.lastIndexOf(" ") + 1) : carrier;
}

/** RFC 9110 §11.4, RFC 6750 §2.1. What follows is a token, or else nothing that would pass for one. */
const BEARER = /^bearer +[^ ]+$/i;

/** Prepares places. Who shows tokens in two of them is refused: what is behind might believe the other one. */
export function tokenPlaces(places: readonly string[]): TokenPlaces {
  const all = places.map(tokenPlace);
  const remove: TokenPlaces["remove"] = (exchange, kept = []) => {
    for (const place of all) {
      const carrier = place.read(exchange);
      if (carrier === SEVERAL_CREDENTIALS || carrier !== NO_CREDENTIAL && !kept.includes(carrier)) {
        place.remove(exchange);
      }
    }
  };
  if (all.length === 1) return { read: all[0].read, remove };
  return {
    remove,
    read(exchange) {
      let found: string = NO_CREDENTIAL;
      for (let i = 0; i < all.length; i++) {
        const carrier = all[i].read(exchange);
        if (carrier === NO_CREDENTIAL) continue;
        if (carrier === SEVERAL_CREDENTIALS || found !== NO_CREDENTIAL) return SEVERAL_CREDENTIALS;
        found = carrier;
      }
      return found;
    },
  };
}

function tokenPlace(place: string): CredentialPlace {
  const colon = place.indexOf(":"), kind = place.slice(0, colon), name = place.slice(colon + 1);
  if (kind === "query") return inQuery(name);
  if (kind === "cookie") return inCookie(name);
  return name === "authorization" ? inAuthorization : inHeader(name);
}

/**
 * What some upstream might take for a token though it is none: without one, with a tab, or behind another credential, as
 * two fields are one value with a comma between them.
 */
const NEARLY_BEARER = /(?:^|,)[ \t]*bearer(?![!#$%&'*+\-.^_`|~\w])/i;

/** Credentials of another scheme are somebody else's: they count as absent, and stay. */
const inAuthorization: CredentialPlace = {
  read({ headers }) {
    const value = headers.get("authorization");
    if (value === null || value.startsWith("Bearer ")) return value ?? NO_CREDENTIAL;
    return NEARLY_BEARER.test(value) ? value : NO_CREDENTIAL;
  },
  remove: ({ headers }) => headers.remove("authorization"),
};
