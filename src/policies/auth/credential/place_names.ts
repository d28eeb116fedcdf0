/** Names of the places where requests carry their credentials. @module */

/** Of `"header:x-api-key"` and `"query:api_key"`; the field that all cookies are in is hidden anyway. */
export function placeNames(places: readonly string[]): string[] {
  return places.filter((place) => !place.startsWith("cookie:")).map((place) => place.slice(place.indexOf(":") + 1));
}
