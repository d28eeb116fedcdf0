/** The credential of HTTP basic authentication (RFC 7617). @module */

/** A user and a password, in Unicode's composed form. */
export interface BasicCredential {
  readonly user: string;
  readonly password: string;
}

/** Longer ones are nobody's. */
const LONGEST = 2_048;
/** Of two fields, the value is both with a comma between them. */
const BASIC = /^basic(?: |$)|,[ \t]*basic /i;
// deno-lint-ignore no-control-regex -- RFC 7617 §2: neither part has any
const CONTROL = /[\x00-\x1f\x7f]/;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether a value of `authorization` is of this scheme, or has it beside another: that is malformed, but not absent. */
export function isBasic(authorization: string): boolean {
  return BASIC.test(authorization);
}

/**
 * Reads a value of `authorization` that {@link isBasic}; `null` where it is malformed: no base64, no UTF-8, no colon,
 * control characters, or an empty user or password, which nobody has here.
 */
export function readCredential(authorization: string): BasicCredential | null {
  const token = authorization.slice(5).trim();
  if (token === "" || authorization.length > LONGEST) return null;
  let text: string;
  try {
    text = decoder.decode(Uint8Array.fromBase64(token, { lastChunkHandling: "strict" })).normalize("NFC");
  } catch {
    return null;
  }
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1 || CONTROL.test(text)) return null;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
