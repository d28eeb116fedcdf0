/** The subject alternative names of a certificate, out of its DER (X.690): the runtime's own text of them is ambiguous. @module */

import type { AltName } from "../../core/alt_names.ts";

/** 2.5.29.17, with tag and length. */
const SUBJECT_ALT_NAME = [0x06, 0x03, 0x55, 0x1d, 0x11];
/** Tags of GeneralName (RFC 5280 §4.2.1.6) that are texts. */
const TEXTS: Readonly<Record<number, string>> = { 0x81: "email", 0x82: "DNS", 0x86: "URI" };
const ADDRESS = 0x87, EXTENSIONS = 0xa3, SEQUENCE = 0x30, OCTETS = 0x04;

/** A tag, and where its content begins and ends. */
interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

/** Texts and addresses, in order; none where there are none, or where the bytes are no certificate. */
export function altNamesOf(der: Uint8Array): AltName[] {
  try {
    const [certificate] = inside(der, { tag: SEQUENCE, from: 0, to: der.length });
    const [signed] = inside(der, certificate);
    const extensions = inside(der, signed).find(({ tag }) => tag === EXTENSIONS);
    if (extensions === undefined) return [];
    const [list] = inside(der, extensions);
    const names = inside(der, list).find(({ from }) => SUBJECT_ALT_NAME.every((byte, i) => der[from + i] === byte));
    const octets = names === undefined ? undefined : inside(der, names).find(({ tag }) => tag === OCTETS);
    if (octets === undefined) return [];
    const [sequence] = inside(der, octets);
    return inside(der, sequence).flatMap(({ tag, from, to }) => nameOf(tag, der.subarray(from, to)));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function nameOf(tag: number, content: Uint8Array): AltName[] {
  if (Object.hasOwn(TEXTS, tag)) return [{ type: TEXTS[tag], value: String.fromCharCode(...content) }];
  if (tag !== ADDRESS) return [];
  const groups = content.length === 4
    ? [...content].join(".")
    : Array.from({ length: 8 }, (_, i) => (content[2 * i] << 8 | content[2 * i + 1]).toString(16)).join(":");
  return content.length === 4 || content.length === 16 ? [{ type: "IP Address", value: groups }] : [];
}

/** The elements that one is made of. @throws RangeError for bytes that are no DER */
function inside(der: Uint8Array, { from, to }: Element): Element[] {
  const elements: Element[] = [];
  for (let at = from; at < to;) {
    const element = elementAt(der, at);
    if (element.to > to) throw new RangeError("an element goes beyond the one around it");
    elements.push(element);
    at = element.to;
  }
  if (elements.length === 0) throw new RangeError("an element is empty");
  return elements;
}

function elementAt(der: Uint8Array, at: number): Element {
  const first = der[at + 1];
  if (first === undefined) throw new RangeError("an element has no length");
  if (first < 0x80) return { tag: der[at], from: at + 2, to: at + 2 + first };
  const count = first & 0x7f;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (der[at + 2 + i] ?? NaN);
  if (count === 0 || !Number.isSafeInteger(length)) throw new RangeError("an element has no length");
  return { tag: der[at], from: at + 2 + count, to: at + 2 + count + length };
}
