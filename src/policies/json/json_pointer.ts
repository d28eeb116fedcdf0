/** Places in JSON values (RFC 6901). @module */

/** The names and indices of a pointer; `null` where the text is none. The whole value is `""`. */
export function parsePointer(text: string): readonly string[] | null {
  if (text === "") return [];
  if (!text.startsWith("/") || /~(?![01])/.test(text)) return null;
  return text.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer in a reference to the same document, `#/a/b` (RFC 6901 §6); `null` where there is none. */
export function parseReference(text: string): readonly string[] | null {
  if (!text.startsWith("#")) return null;
  try {
    return parsePointer(decodeURIComponent(text.slice(1)));
  } catch {
    // Escapes that are none.
    return null;
  }
}

/** What stands at a place; `undefined` where nothing does. Only what a value has of its own is seen. */
export function valueAtPointer(value: unknown, parts: readonly string[]): unknown {
  let at = value;
  for (const part of parts) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    if (Array.isArray(at) && !/^(?:0|[1-9]\d*)$/.test(part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** A name as a part of a pointer. */
export function pointerPart(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
