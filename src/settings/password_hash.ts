/** Hashes of passwords as settings. @module */

import type { z } from "zod";
import { Refusal, scalar } from "./scalar.ts";

/** How a hash was made. Of `sha256`, one round, a check takes microseconds; of the others the tenth part of a second. */
export type PasswordHashKind = "bcrypt" | "argon2" | "scrypt" | "sha256";

/** A hash that can be checked. It does not print what it is. */
export class PasswordHash {
  readonly #text: string;

  constructor(readonly kind: PasswordHashKind, text: string) {
    this.#text = text;
  }

  /** As it was written; of `sha256` in hexadecimal, lower case. */
  get text(): string {
    return this.#text;
  }
}

/** What makes one that is right. */
const MAKE = "what `gatewright password` prints";

const HEX = /^sha256:([0-9a-f]{64})$/i;
const BASE64 = /^\{SHA256\}([A-Za-z0-9+/]{43}=)$/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const ARGON2 =
  /^\$argon2(?:id|i|d)\$v=19\$m=(\d{1,7}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{11,128}$/;
const SCRYPT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{22,128}$/;

/** A check is to take a second or two at most: each waits for those before it. */
const MOST_COST = 14, MOST_KIB = 256 * 1024, MOST_KIB_TIMES = 1024 * 1024, MOST_BLOCKS = 2 ** 22;

const WEAK = "which does not protect a password";

/** What other programs write, and what is said of it. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^\{SHA\}|^\{SSHA\}/, `SHA-1 in one round, ${WEAK}`],
  [/^\$apr1\$|^\$1\$/, `MD5, ${WEAK}`],
  [/^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$/i, `a bare digest, ${WEAK}`],
  [/^\$5\$|^\$6\$|^\$y\$|^\$7\$|^\$gy\$|^\$md5/, "a hash of crypt(3), which is not known here"],
];

/** A hash out of a text. What is refused is not in the message. */
export function readPasswordHash(text: string): PasswordHash | Refusal {
  const digest = HEX.exec(text)?.[1] ?? hexOf(BASE64.exec(text)?.[1]);
  if (digest !== undefined) return new PasswordHash("sha256", `sha256:${digest.toLowerCase()}`);
  const bcrypt = BCRYPT.exec(text), argon2 = ARGON2.exec(text), scrypt = SCRYPT.exec(text);
  if (bcrypt !== null) return bounded("bcrypt", text, within(bcrypt, ([cost]) => cost >= 4 && cost <= MOST_COST));
  if (argon2 !== null) {
    const fits = within(
      argon2,
      ([m, t, p]) => p > 0 && p <= 16 && t > 0 && m >= 8 * p && m <= MOST_KIB && m * t <= MOST_KIB_TIMES,
    );
    return bounded("argon2", text, fits);
  }
  if (scrypt !== null) {
    // RFC 7914 §2: with small blocks there are only so many.
    const fits = within(scrypt, ([ln, r, p]) => ln > 0 && ln < 16 * r && p > 0 && 2 ** ln * r * p <= MOST_BLOCKS);
    return bounded("scrypt", text, fits);
  }
  const other = OTHERS.find(([pattern]) => pattern.test(text))?.[1];
  if (other !== undefined) return new Refusal(`this is ${other}`, MAKE);
  if (/^\$2[aby]\$|^\$argon2|^\$scrypt\$/.test(text)) return new Refusal("this hash is not whole", MAKE);
  return new Refusal("this is no hash of a password that is known here: argon2, bcrypt or scrypt", MAKE);
}

/** Schema of a hash. What stands in its place is never shown. */
export function passwordHash(): z.ZodType<PasswordHash, unknown> {
  return scalar<PasswordHash>({
    expected: 'the hash of a password, such as "$argon2id$…"',
    json: { type: "string", minLength: 1, writeOnly: true },
    parse: (value) => typeof value === "string" ? readPasswordHash(value) : undefined,
  });
}

function within(match: RegExpExecArray, test: (numbers: number[]) => boolean): boolean {
  return test(match.slice(1).map(Number));
}

function bounded(kind: PasswordHashKind, text: string, fits: boolean): PasswordHash | Refusal {
  if (fits) return new PasswordHash(kind, text);
  return new Refusal(`this ${kind} hash takes too much to check, or too little to be one`, MAKE);
}

function hexOf(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Uint8Array.fromBase64(base64).toHex();
}
