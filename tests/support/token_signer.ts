/** Tokens made by hand: right ones, and wrong ones that no library makes. @module */

import { Buffer } from "node:buffer";

/** Seconds since 1970 at which every test's clock starts. */
export const START = Date.UTC(2026, 0, 1) / 1_000;

/** Claims that are right for an hour. */
export const GOOD = { sub: "ann", aud: "api", exp: START + 3_600 };

/** base64url of bytes or of UTF-8. */
export function base64url(bytes: string | Uint8Array): string {
  return Buffer.from(bytes as Uint8Array).toString("base64url");
}

/** What is signed: as JSON, or a text as it is. */
type Part = object | string;

const encoded = (part: Part) => base64url(typeof part === "string" ? part : JSON.stringify(part));

/** How WebCrypto signs by each algorithm. */
const WAYS: Readonly<
  Record<
    string,
    { readonly make: RsaHashedKeyGenParams | EcKeyGenParams | Algorithm; readonly sign: object & Algorithm }
  >
> = {
  RS256: rsa("RSASSA-PKCS1-v1_5", "SHA-256"),
  RS384: rsa("RSASSA-PKCS1-v1_5", "SHA-384"),
  RS512: rsa("RSASSA-PKCS1-v1_5", "SHA-512"),
  PS256: rsa("RSA-PSS", "SHA-256", 32),
  PS384: rsa("RSA-PSS", "SHA-384", 48),
  PS512: rsa("RSA-PSS", "SHA-512", 64),
  ES256: ecdsa("P-256", "SHA-256"),
  ES384: ecdsa("P-384", "SHA-384"),
  ES512: ecdsa("P-521", "SHA-512"),
  EdDSA: { make: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  Ed25519: { make: { name: "Ed25519" }, sign: { name: "Ed25519" } },
};

function rsa(name: string, hash: string, saltLength?: number) {
  const make = { name, hash, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  return { make, sign: { name, saltLength } };
}

function ecdsa(namedCurve: string, hash: string) {
  return { make: { name: "ECDSA", namedCurve }, sign: { name: "ECDSA", hash } };
}

/** A key pair that signs. */
export class Signer {
  private constructor(
    readonly alg: string,
    readonly kid: string | undefined,
    readonly jwk: JsonWebKey & { readonly kty: string },
    readonly pem: string,
    readonly privateJwk: JsonWebKey,
    private readonly key: CryptoKey,
  ) {}

  static async make(alg: string, kid?: string): Promise<Signer> {
    const pair = await crypto.subtle.generateKey(WAYS[alg].make, true, ["sign", "verify"]) as CryptoKeyPair;
    const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const members = Object.entries({ kty, crv, x, y, n, e, kid }).filter(([, value]) => value !== undefined);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(spki).toString("base64")}\n-----END PUBLIC KEY-----\n`;
    const jwk = { kty: kty!, ...Object.fromEntries(members) };
    return new Signer(alg, kid, jwk, pem, await crypto.subtle.exportKey("jwk", pair.privateKey), pair.privateKey);
  }

  /** The same key for another algorithm: RSA keys take long to make. */
  async as(alg: string): Promise<Signer> {
    const bare = { ...this.privateJwk, alg: undefined };
    const key = await crypto.subtle.importKey("jwk", bare, WAYS[alg].make as RsaHashedImportParams, true, ["sign"]);
    return new Signer(alg, this.kid, this.jwk, this.pem, this.privateJwk, key);
  }

  /** A token. `header` adds to, and overrides, what belongs there. */
  async token(claims: Part = GOOD, header: Part = {}): Promise<string> {
    const { alg, kid } = this;
    const head = typeof header === "string" ? header : { alg, ...kid === undefined ? {} : { kid }, ...header };
    const text = `${encoded(head)}.${encoded(claims)}`;
    return `${text}.${base64url(await this.sign(text))}`;
  }

  async sign(text: string): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign(WAYS[this.alg].sign, this.key, new TextEncoder().encode(text)));
  }
}

/** A token signed with a secret. */
export async function hmacToken(
  secret: string | Uint8Array<ArrayBuffer>,
  claims: Part = GOOD,
  header: Part = { alg: "HS256", typ: "JWT" },
  hash = "SHA-256",
): Promise<string> {
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign"]);
  const text = `${encoded(header)}.${encoded(claims)}`;
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

/** A token with a signature that somebody made up. */
export function unsigned(header: Part, claims: Part = GOOD, signature: string | Uint8Array = ""): string {
  return `${encoded(header)}.${encoded(claims)}.${base64url(signature)}`;
}
