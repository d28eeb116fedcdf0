/** The fields of a request that tell of its signatures (RFC 9421 §4). @module */

import { type BareItem, type InnerList, parseDictionary } from "structured-headers";

/** Characters of one of these fields: as many as some twenty signatures need. */
const LONGEST = 8 * 1024;
/** Components of one signature. */
const MOST_COMPONENTS = 40;

/** One signature, and what it says of itself. */
export interface SignatureInput {
  readonly label: string;
  /** Components and parameters, as they are signed. */
  readonly covered: InnerList;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** What to look for among several. */
export interface Wanted {
  /** @default any */
  readonly label?: string;
  /** @default any, and none */
  readonly tag?: string;
  /** Whether there is a key of this id. */
  knows(keyid: string): boolean;
}

/**
 * Finds the signature that is meant for this gateway: the first that is labelled and tagged as it should be, and whose
 * key is known.
 *
 * @param input the value of `Signature-Input`
 * @param signature the value of `Signature`
 * @returns why there is none, as the end of a sentence; `null` where no signature is meant for this gateway
 */
export function findSignature(input: string, signature: string | null, wanted: Wanted): SignatureInput | string | null {
  const inputs = dictionary(input), signatures = dictionary(signature ?? "");
  if (inputs === null || signatures === null) return "its fields are malformed";
  let meant = false;
  for (const [label, member] of inputs) {
    if (wanted.label !== undefined && label !== wanted.label) continue;
    if (!isInnerList(member)) return "its input is no list of components";
    const [components, parameters] = member;
    if (wanted.tag !== undefined && parameters.get("tag") !== wanted.tag) continue;
    meant = true;
    const keyid = parameters.get("keyid");
    if (typeof keyid !== "string" || !wanted.knows(keyid)) continue;
    if (components.length > MOST_COMPONENTS) return "it covers too many components";
    const bytes = bytesOf(signatures.get(label)?.[0]);
    return bytes === null ? "there is no signature of that label" : { label, covered: member, signature: bytes };
  }
  return meant ? "its key is not known" : null;
}

/** The members; `null` where the text is no dictionary, or has a key twice: of those, readers choose as they like. */
export function dictionary(text: string): ReturnType<typeof parseDictionary> | null {
  if (text.length > LONGEST) return null;
  try {
    const members = parseDictionary(text);
    return members.size === countMembers(text) ? members : null;
  } catch {
    return null;
  }
}

/** Whether a member is an inner list, not an item. */
export function isInnerList(member: { readonly 0: unknown }): member is InnerList {
  return Array.isArray(member[0]);
}

/** The bytes of a byte sequence; `null` of everything else. */
export function bytesOf(item: BareItem | InnerList[0] | undefined): Uint8Array<ArrayBuffer> | null {
  return item instanceof ArrayBuffer ? new Uint8Array(item) : null;
}

/** Commas outside of quotes, and one more. */
function countMembers(text: string): number {
  let count = /^[ \t]*$/.test(text) ? 0 : 1, quoted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) quoted = !quoted;
    else if (unit === BACKSLASH && quoted) i++;
    else if (unit === COMMA && !quoted) count++;
  }
  return count;
}

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c;
