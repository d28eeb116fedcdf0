/** Whether a password belongs to a slow hash. @module */

import { Buffer } from "node:buffer";
import { scryptSync, timingSafeEqual } from "node:crypto";
import { argon2Verify, bcryptVerify } from "hash-wasm";
import { BCRYPT_BYTES } from "./hash_password.ts";

/** Takes its time, on this thread. @param hash that `readPasswordHash` takes, but for `sha256` */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const bytes = Buffer.from(password, "utf8");
  if (hash.startsWith("$argon2")) return await argon2Verify({ password: bytes, hash });
  // Other implementations cut what is longer, as this does.
  if (hash.startsWith("$2")) return await bcryptVerify({ password: bytes.subarray(0, BCRYPT_BYTES), hash });
  return verifyScrypt(bytes, hash);
}

/** Bytes beside its blocks. */
const SCRYPT_SLACK = 1_024;

/** RFC 7914, in the form of PHC strings: `$scrypt$ln=17,r=8,p=1$salt$hash`. */
function verifyScrypt(password: Uint8Array, text: string): boolean {
  const [, , parameters, salt, hash] = text.split("$");
  const [ln, r, p] = parameters.split(",").map((parameter) => Number(parameter.slice(parameter.indexOf("=") + 1)));
  const expected = Buffer.from(hash, "base64"), N = 2 ** ln, maxmem = 128 * r * (N + p + 2) + SCRYPT_SLACK;
  const made = scryptSync(password, Buffer.from(salt, "base64"), expected.length, { N, r, p, maxmem });
  return timingSafeEqual(made, expected);
}
