/** Field names that the data path meets by the million, and their numbers. @module */

/** Names in lower case; a name's place is its number. 0 stands for every other name. */
export const KNOWN_FIELDS: readonly string[] = Object.freeze([
  "",
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "http2-settings",
  "proxy",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-request-id",
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "cache-control",
  "content-encoding",
  "content-type",
  "cookie",
  "date",
  "etag",
  "last-modified",
  "location",
  "origin",
  "referer",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "server",
  "set-cookie",
  "user-agent",
  "vary",
]);

const NUMBERS: ReadonlyMap<string, number> = new Map(KNOWN_FIELDS.map((name, number) => [name, number]));

/** The number of a name in lower case, 0 when it is not one of the known. */
export function fieldNumber(name: string): number {
  return NUMBERS.get(name) ?? 0;
}
