/** Names that an upstream may take for one and the same. @module */

/**
 * A field's name with `_` in place of `-`, anywhere and in all ways, and as it is: CGI, WSGI and PHP tell no two of them
 * apart. Engines keep such names out already, but not those that a trusted proxy passes on.
 *
 * @param name in lower case
 */
export function fieldSpellings(name: string): string[] {
  return name.split(/[-_]/).reduce<string[]>(
    (spelled, word) =>
      spelled.length === 0 ? [word] : spelled.flatMap((start) => [`${start}-${word}`, `${start}_${word}`]),
    [],
  );
}
