/** Signature algorithms of RFC 9421 §3.3, each with the one kind of key that it takes. @module */

import { Buffer } from "node:buffer";
import { createHmac, createPublicKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { MaybePromise } from "../../../core/handler.ts";

/** Whether these bytes are the signature of a text. */
export type SignatureCheck = (base: string, signature: Uint8Array<ArrayBuffer>) => MaybePromise<boolean>;

/** What one algorithm is. */
interface PublicAlgorithm {
  /** The kind of key, in words. */
  readonly key: string;
  fits(key: KeyObject): boolean;
  readonly web: WebAlgorithm;
}

/** An algorithm as WebCrypto names it, both for keys and for signatures: what one of them does not ask for is ignored. */
interface WebAlgorithm extends Algorithm {
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly saltLength?: number;
}

/** Bits: shorter RSA keys have been factored, or nearly. */
const LEAST_RSA = 2048;

/** RFC 9421 §3.3.1: the salt is as long as the hash. */
const PSS_SALT = 64;

/** An algorithm whose keys are public. */
export type PublicKeyAlgorithm =
  | "ed25519"
  | "ecdsa-p256-sha256"
  | "ecdsa-p384-sha384"
  | "rsa-pss-sha512"
  | "rsa-v1_5-sha256";

const isRsa: PublicAlgorithm["fits"] = (key) =>
  key.asymmetricKeyType === "rsa" && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA;
const onCurve = (curve: string): PublicAlgorithm["fits"] => (key) =>
  key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === curve;

const PUBLIC: Readonly<Record<PublicKeyAlgorithm, PublicAlgorithm>> = {
  ed25519: {
    key: "an Ed25519 key",
    fits: (key) => key.asymmetricKeyType === "ed25519",
    web: { name: "Ed25519" },
  },
  "ecdsa-p256-sha256": {
    key: "a key on P-256",
    fits: onCurve("prime256v1"),
    web: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  },
  "ecdsa-p384-sha384": {
    key: "a key on P-384",
    fits: onCurve("secp384r1"),
    web: { name: "ECDSA", hash: "SHA-384", namedCurve: "P-384" },
  },
  "rsa-pss-sha512": {
    key: `an RSA key of ${LEAST_RSA} bits or more`,
    fits: isRsa,
    web: { name: "RSA-PSS", hash: "SHA-512", saltLength: PSS_SALT },
  },
  "rsa-v1_5-sha256": {
    key: `an RSA key of ${LEAST_RSA} bits or more`,
    fits: isRsa,
    web: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  },
};

/** The algorithm whose keys both sides have. */
export const SHARED_KEY_ALGORITHM = "hmac-sha256";

/** All of them. */
export const PUBLIC_KEY_ALGORITHMS = Object.keys(PUBLIC) as readonly PublicKeyAlgorithm[];

/** A public key in PEM, or why it is none for this algorithm: in words without the key. */
export function readPublicKey(pem: string, algorithm: PublicKeyAlgorithm): KeyObject | string {
  if (pem.includes("PRIVATE KEY-----")) return "this is a private key: whoever reads it can sign";
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return "this is no public key in PEM form";
  }
  return PUBLIC[algorithm].fits(key) ? key : `${algorithm} needs ${PUBLIC[algorithm].key}`;
}

/**
 * Prepares the check of signatures that are made with a private key. It is made off the thread that moves the traffic:
 * one by ECDSA takes up to 1 ms, and anybody can send bad ones.
 */
export function publicKeyCheck(key: KeyObject, algorithm: PublicKeyAlgorithm): SignatureCheck {
  const { web }: PublicAlgorithm = PUBLIC[algorithm];
  let imported: Promise<CryptoKey> | null = null;
  return async (base, signature) => {
    imported ??= crypto.subtle.importKey("jwk", key.export({ format: "jwk" }) as JsonWebKey, web, false, ["verify"]);
    const ready = await imported;
    try {
      return await crypto.subtle.verify(web, ready, signature, Buffer.from(base, "latin1"));
    } catch {
      // Some lengths are no signature at all.
      return false;
    }
  };
}

/** Prepares the check of signatures that are made with a secret which both sides have. */
export function sharedKeyCheck(secret: Uint8Array): SignatureCheck {
  return (base, signature) => {
    const right = createHmac("sha256", secret).update(base, "latin1").digest();
    return right.length === signature.length && timingSafeEqual(right, signature);
  };
}
