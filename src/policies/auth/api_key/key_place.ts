/** Where a request carries its key. @module */

import {
  type CredentialPlace,
  inCookie,
  inHeader,
  inQuery,
  NO_CREDENTIAL,
  SEVERAL_CREDENTIALS,
} from "../credential/credential_place.ts";

/** A place as it is written: `"header:x-api-key"`, `"query:api_key"`, `"cookie:key"`. */
export type KeyPlace = `header:${string}` | `query:${string}` | `cookie:${string}`;

/**
 * Prepares a place.
 *
 * @param scheme the authentication scheme before the key, where the place is `header:authorization`
 */
export function keySource(place: KeyPlace, scheme: string): CredentialPlace {
  const colon = place.indexOf(":"), kind = place.slice(0, colon), name = place.slice(colon + 1);
  if (kind === "query") return inQuery(name);
  if (kind === "cookie") return inCookie(name);
  return name === "authorization" ? inAuthorization(scheme) : inOneHeader(name);
}

function inOneHeader(name: string): CredentialPlace {
  return {
    ...inHeader(name),
    read({ headers }) {
      const value = headers.get(name);
      if (value === null) return NO_CREDENTIAL;
      // Fields of one name come as one value with commas; a key may have a comma too.
      return value.includes(",") && headers.getAll(name).length > 1 ? SEVERAL_CREDENTIALS : value;
    },
  };
}

/** Credentials of another scheme are somebody else's: they count as absent, and stay. */
function inAuthorization(scheme: string): CredentialPlace {
  const length = scheme.length, lower = scheme.toLowerCase();
  const keyIn = (value: string): string => {
    if (value.charCodeAt(length) !== SPACE || value.slice(0, length).toLowerCase() !== lower) return NO_CREDENTIAL;
    let start = length + 1;
    while (value.charCodeAt(start) === SPACE) start++;
    return value.slice(start);
  };
  return {
    read({ headers }) {
      const value = headers.get("authorization");
      if (value === null) return NO_CREDENTIAL;
      if (!value.includes(",")) return keyIn(value);
      const values = headers.getAll("authorization");
      if (values.length === 1) return keyIn(value);
      return values.some((value) => keyIn(value) !== NO_CREDENTIAL) ? SEVERAL_CREDENTIALS : NO_CREDENTIAL;
    },
    remove({ headers }) {
      const value = headers.get("authorization");
      if (value !== null && keyIn(value) !== NO_CREDENTIAL) headers.remove("authorization");
    },
  };
}

const SPACE = 0x20;
