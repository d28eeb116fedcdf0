/** Bytes written as text, one character a byte, as RFC 9112 §2.2 reads a message. @module */

/** What tests send: text with one byte a character, or the bytes. */
export type Bytes = string | Uint8Array<ArrayBuffer>;

/**
 * One byte for each character.
 *
 * @throws RangeError on a character above U+00FF: encode it first, so that the test says which encoding it means.
 */
export function toBytes(text: Bytes): Uint8Array<ArrayBuffer> {
  if (typeof text !== "string") return text;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new RangeError(`${JSON.stringify(text[i])} at ${i} is not one byte: use TextEncoder`);
    bytes[i] = code;
  }
  return bytes;
}

/** One character for each byte. */
export function toText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** Bytes as a person can read them in a failure: escaped, and cut in the middle when long. */
export function show(bytes: Uint8Array, limit = 2000): string {
  const half = limit >> 1;
  if (bytes.length <= limit) return JSON.stringify(toText(bytes));
  const left = bytes.length - 2 * half;
  return `${JSON.stringify(toText(bytes.subarray(0, half)))} … ${left} more … ` +
    JSON.stringify(toText(bytes.subarray(bytes.length - half)));
}
