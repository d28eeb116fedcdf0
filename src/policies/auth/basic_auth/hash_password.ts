/** Makes hashes of passwords. @module */

import { randomBytes } from "node:crypto";
import { argon2id, bcrypt } from "hash-wasm";

/** The hashes that are made here. */
export type MadeHash = "argon2id" | "bcrypt";

/** 19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet. A check takes about 80 ms. */
const ARGON2 = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 };
/** About as much time. */
const BCRYPT_COST = 10;
const SALT_BYTES = 16;
/** bcrypt looks at no more. */
export const BCRYPT_BYTES = 72;

/** Why a password cannot be one of HTTP basic authentication (RFC 7617 §2); `null` where it can. */
export function passwordFault(password: string, kind: MadeHash): string | null {
  if (password === "") return "the password is empty";
  // deno-lint-ignore no-control-regex -- RFC 7617 §2: a password has none
  if (/[\x00-\x1f\x7f]/.test(password)) return "a password is one line without control characters";
  const { length } = new TextEncoder().encode(password.normalize("NFC"));
  return kind === "bcrypt" && length > BCRYPT_BYTES
    ? `bcrypt takes ${BCRYPT_BYTES} bytes, and this has ${length}`
    : null;
}

/** A hash with a salt of its own, as `basicAuth` takes it. */
export async function hashPassword(password: string, kind: MadeHash): Promise<string> {
  const salt = randomBytes(SALT_BYTES), text = password.normalize("NFC");
  if (kind === "argon2id") return await argon2id({ password: text, salt, ...ARGON2, outputType: "encoded" });
  const hash = await bcrypt({ password: text, salt, costFactor: BCRYPT_COST, outputType: "encoded" });
  // The same algorithm: the letter tells of a mistake that implementations of "a" once had.
  return hash.replace("$2a$", "$2b$");
}
