/** Text of a form, of its bytes. @module */

/** How text is read: `"ascii"` where servers may differ about everything else, `null` where they may about anything. */
export type FieldCharset = "utf-8" | "ascii" | null;

/** A byte order mark: some drop it, others take it for a letter. */
const BOM = 0xfeff;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param label as a content type names it; `undefined` where it names none, and then all take UTF-8 */
export function charsetOf(label: string | undefined): FieldCharset {
  switch (label?.toLowerCase()) {
    case undefined:
    case "utf-8":
    case "utf8":
      return "utf-8";
    // Many servers do not look at the charset, and take these for UTF-8.
    case "us-ascii":
    case "iso-8859-1":
    case "windows-1252":
      return "ascii";
    default:
      return null;
  }
}

/** The text, U+FFFD standing for what is not UTF-8; `undefined` where servers may read another. */
export function fieldText(bytes: Uint8Array, charset: FieldCharset): string | undefined {
  if (charset === null || (charset === "ascii" && bytes.some((byte) => byte > 0x7f))) return undefined;
  const text = decoder.decode(bytes);
  return text.charCodeAt(0) === BOM ? undefined : text;
}
