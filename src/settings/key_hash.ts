/** Hashes of API keys as settings. @module */

import type { z } from "zod";
import { Refusal } from "./scalar.ts";
import { text } from "./text.ts";

const PREFIX = "sha256:";
const DIGITS = /^[0-9a-f]{64}$/i;
const REMEDY = 'what the command "gatewright key" prints beside a new key: "sha256:" and 64 hexadecimal digits';

/** The hexadecimal digits of `sha256:…`, in lower case, or what is wrong: without the text, which may be a key. */
export function readKeyHash(text: string): string | Refusal {
  const hasPrefix = text.toLowerCase().startsWith(PREFIX), digits = hasPrefix ? text.slice(PREFIX.length) : text;
  if (hasPrefix && DIGITS.test(digits)) return digits.toLowerCase();
  if (hasPrefix && /^[0-9a-f]*$/i.test(digits)) {
    return new Refusal(`sha256: is followed by 64 hexadecimal digits, not by ${digits.length}`, REMEDY);
  }
  if (hasPrefix) return new Refusal("sha256: is followed by 64 hexadecimal digits, and nothing else", REMEDY);
  if (DIGITS.test(digits)) return new Refusal("this hash does not say what it is", '"sha256:" before it');
  return new Refusal(
    "this looks like a key, not a hash: whoever reads the config could use it",
    'what the command "gatewright key --hash" prints of it',
  );
}

/** The SHA-256 of a key, `"sha256:…"`, as its digits in lower case. What stands in its place is never shown. */
export function keyHash(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'the hash of a key, "sha256:…"',
    json: { pattern: "^[Ss][Hh][Aa]256:[0-9A-Fa-f]{64}$", writeOnly: true },
    read: readKeyHash,
  });
}
