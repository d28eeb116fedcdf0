/** Public keys as configs and providers write them: PEM and JWK (RFC 7517). @module */

import { Buffer } from "node:buffer";
import { createPublicKey, X509Certificate } from "node:crypto";
import { ALGORITHM_KEYS, type JwtAlgorithm } from "./algorithms.ts";

/** A public key, and the algorithms that it may be used for: one at least. */
export interface PublicKey {
  readonly kid?: string;
  readonly algorithms: readonly JwtAlgorithm[];
  /** Nothing but what makes the key. */
  readonly jwk: { readonly kty: string } & Readonly<Record<string, string>>;
}

/** Why a key cannot be used, in words that hold nothing of it. */
export class KeyFault {
  constructor(readonly message: string, readonly remedy?: string) {}
}

/** Bits of an RSA modulus: RFC 7518 §3.3, and what nobody wants to compute with. */
const LEAST_BITS = 2048, MOST_BITS = 16_384;
/** Bytes of a coordinate (RFC 7518 §6.2.1.2, RFC 8037 §2). */
const COORDINATES: Readonly<
  Record<string, { readonly kty: string; readonly names: readonly string[]; readonly bytes: number }>
> = {
  "P-256": { kty: "EC", names: ["x", "y"], bytes: 32 },
  "P-384": { kty: "EC", names: ["x", "y"], bytes: 48 },
  "P-521": { kty: "EC", names: ["x", "y"], bytes: 66 },
  Ed25519: { kty: "OKP", names: ["x"], bytes: 32 },
};

/** Reads a JWK as far as it is for one of these algorithms. */
export function readJwk(value: unknown, algorithms: readonly JwtAlgorithm[]): PublicKey | KeyFault {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new KeyFault("this is no JWK");
  const jwk = value as Readonly<Record<string, unknown>>, { kty, kid, use, key_ops: uses, alg } = jwk;
  if (kty === "oct" || Object.hasOwn(jwk, "d")) {
    return new KeyFault("this key can sign: whoever reads it can make tokens", "the public key alone");
  }
  if (kid !== undefined && typeof kid !== "string") return new KeyFault("the kid of a key is a text");
  if (use !== undefined && use !== "sig" || uses !== undefined && !(Array.isArray(uses) && uses.includes("verify"))) {
    return new KeyFault("this key is not for checking signatures", 'a key with the use "sig"');
  }
  const parts = partsOf(jwk);
  if (parts instanceof KeyFault) return parts;
  const fits = (name: JwtAlgorithm) => {
    const { kty, crv } = ALGORITHM_KEYS[name];
    return parts.kty === kty && (crv === null || parts.crv === crv) && (alg === undefined || alg === name);
  };
  const fitting = algorithms.filter(fits);
  if (fitting.length === 0) {
    const others = (Object.keys(ALGORITHM_KEYS) as JwtAlgorithm[]).filter(fits);
    const remedy = others.length === 0 ? undefined : `algorithms: ${JSON.stringify(others)}`;
    return new KeyFault(`this key is for none of the algorithms ${algorithms.join(", ")}`, remedy);
  }
  return isKey(parts)
    ? { ...(kid === undefined ? {} : { kid }), algorithms: fitting, jwk: parts }
    : new KeyFault("the numbers in this key are no key");
}

/** Reads a key of a config: PEM of a public key or a certificate, or a JWK as an object or as JSON. */
export function readPublicKey(value: unknown, algorithms: readonly JwtAlgorithm[]): PublicKey | KeyFault {
  const jwk = typeof value === "string" ? jwkIn(value.trim()) : value;
  return jwk instanceof KeyFault ? jwk : readJwk(jwk, algorithms);
}

/** Reads a JWKS of a config (RFC 7517 §5). The first key that cannot be used is a fault: somebody wrote it there. */
export function readKeySet(value: unknown, algorithms: readonly JwtAlgorithm[]): PublicKey[] | KeyFault {
  const set = typeof value === "string" ? parsed(value) : value;
  if (set instanceof KeyFault) return set;
  const keys = typeof set === "object" && set !== null && "keys" in set ? set.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0) {
    return new KeyFault("this is no JWKS with keys in it", "{ keys: [{ … }] }");
  }
  const read: PublicKey[] = [];
  for (const [i, jwk] of keys.entries()) {
    const key = readPublicKey(jwk, algorithms);
    if (key instanceof KeyFault) return new KeyFault(`keys[${i}]: ${key.message}`, key.remedy);
    read.push(key);
  }
  return read;
}

function jwkIn(text: string): unknown {
  if (text.startsWith("{")) return parsed(text);
  if (/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(text)) {
    return new KeyFault("this is a private key: whoever reads it can make tokens", "the public key alone");
  }
  try {
    const key = text.includes("-----BEGIN CERTIFICATE-----")
      ? new X509Certificate(text).publicKey
      : createPublicKey(text);
    return key.export({ format: "jwk" });
  } catch {
    return new KeyFault("this is neither PEM nor a JWK", '"-----BEGIN PUBLIC KEY-----…", or { kty: …, … }');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return new KeyFault("this is no JSON");
  }
}

/** A point that is on no curve looks like any other, and WebCrypto takes it. */
function isKey(jwk: PublicKey["jwk"]): boolean {
  try {
    createPublicKey({ key: jwk, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}

/** What makes the key, checked. */
function partsOf(jwk: Readonly<Record<string, unknown>>): PublicKey["jwk"] | KeyFault {
  const { kty, crv, n, e } = jwk;
  if (kty === "RSA") {
    const modulus = bytesOf(n), exponent = bytesOf(e);
    if (modulus === null || exponent === null) return new KeyFault("this RSA key has no n or no e");
    const bits = bitsOf(modulus);
    if (bits < LEAST_BITS || bits > MOST_BITS) {
      return new KeyFault(`this RSA key has ${bits} bits: expected ${LEAST_BITS} to ${MOST_BITS}`);
    }
    // With 1, every text would be its own signature.
    if (bitsOf(exponent) < 2 || (exponent.at(-1)! & 1) === 0) {
      return new KeyFault("the exponent of this RSA key is none");
    }
    return { kty, n: n as string, e: e as string };
  }
  const known = typeof crv === "string" && Object.hasOwn(COORDINATES, crv) ? COORDINATES[crv] : undefined;
  if (known === undefined || known.kty !== kty) {
    return new KeyFault("this is no key that is known here", `RSA, EC on ${Object.keys(COORDINATES).join(", ")}`);
  }
  if (known.names.some((name) => bytesOf(jwk[name])?.length !== known.bytes)) {
    return new KeyFault(`the point of this ${crv} key has another length`);
  }
  const point = Object.fromEntries(known.names.map((name) => [name, jwk[name] as string]));
  return { kty: known.kty, crv: crv as string, ...point };
}

function bytesOf(text: unknown): Uint8Array | null {
  return typeof text === "string" && /^[\w-]+$/.test(text) ? Buffer.from(text, "base64url") : null;
}

function bitsOf(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : 8 * (bytes.length - first) - Math.clz32(bytes[first]) + 24;
}
