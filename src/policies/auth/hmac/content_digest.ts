/** Digests of bodies (RFC 9530). @module */

import { createHash } from "node:crypto";
import { bytesOf, dictionary } from "./signature_input.ts";

/** Those that are good for more than finding accidents (RFC 9530 §5). */
const HASHES: ReadonlyMap<string, { readonly hash: string; readonly bytes: number }> = new Map([
  ["sha-256", { hash: "sha256", bytes: 32 }],
  ["sha-512", { hash: "sha512", bytes: 64 }],
]);

/** A hash, and what it must come to. */
export interface ContentDigest {
  readonly hash: string;
  readonly value: Uint8Array;
}

/**
 * Reads `Content-Digest`.
 *
 * @returns all that can be checked; `null` where there is none, or one is malformed
 */
export function readContentDigest(field: string | null): readonly ContentDigest[] | null {
  const members = field === null ? null : dictionary(field), digests: ContentDigest[] = [];
  if (members === null) return null;
  for (const [name, { hash, bytes }] of HASHES) {
    const member = members.get(name);
    if (member === undefined) continue;
    const value = bytesOf(member[0]);
    if (value?.length !== bytes) return null;
    digests.push({ hash, value });
  }
  return digests.length === 0 ? null : digests;
}

/** Whether a body is the one that all the digests are of. */
export function isDigestOf(digests: readonly ContentDigest[], body: Uint8Array): boolean {
  return digests.every(({ hash, value }) => createHash(hash).update(body).digest().equals(value));
}
