/** The keys of a config, made ready to check signatures. @module */

import { Buffer } from "node:buffer";
import type { BuildEnv } from "../../../core/build_env.ts";
import type { Secret } from "../../../core/secret.ts";
import { consumerIdentity } from "../consumer_identity.ts";
import type { PublicKeyPlan, SharedKeyPlan } from "../hmac_schema.ts";
import {
  publicKeyCheck,
  readPublicKey,
  SHARED_KEY_ALGORITHM,
  sharedKeyCheck,
  type SignatureCheck,
} from "./algorithms.ts";
import type { KnownKey } from "./signature_check.ts";

/** Bytes of a secret: what is shorter can be found by trying. */
const LEAST_SECRET = 16;

type KeyPlan = SharedKeyPlan | PublicKeyPlan;

/** Reads every key. @throws Error for one that cannot be used, in words without it */
export function keysOfPlan(keys: { readonly [id: string]: KeyPlan }, env: BuildEnv, policy: string): KnownKey[] {
  return Object.entries(keys).map(([id, key]) => {
    const fail = (why: string) => new Error(`policy ${policy}: the key ${JSON.stringify(id)} cannot be used: ${why}`);
    const value = (secret: Secret): string => {
      const read = env.secrets(secret);
      if ("error" in read) throw fail(read.error);
      return read.value;
    };
    const check = signatureCheck(key, "secret" in key ? value(key.secret) : pemOf(key, value));
    if (typeof check === "string") throw fail(check);
    const { consumer, groups } = key;
    const identity = consumerIdentity({
      method: "hmac",
      subject: id,
      ...consumer === undefined ? {} : { consumer },
      ...groups === undefined ? {} : { groups },
    }, env.consumers);
    const algorithm = "secret" in key ? SHARED_KEY_ALGORITHM : key.algorithm;
    return { id, algorithm, check, identity: Object.freeze(identity) };
  });
}

/** Prepares a key. @param value the secret, or the PEM @returns why it cannot be used, in words without it */
export function signatureCheck(key: KeyPlan, value: string): SignatureCheck | string {
  if (!("secret" in key)) {
    const read = readPublicKey(value, key.algorithm);
    return typeof read === "string" ? read : publicKeyCheck(read, key.algorithm);
  }
  const { encoding } = key, bytes = Buffer.from(value, encoding);
  // What is not of the encoding is left out without a word.
  if (unpadded(bytes.toString(encoding)) !== unpadded(value)) return `its secret is not in ${encoding}`;
  return bytes.length < LEAST_SECRET ? `its secret has fewer than ${LEAST_SECRET} bytes` : sharedKeyCheck(bytes);
}

function pemOf({ publicKey }: PublicKeyPlan, value: (secret: Secret) => string): string {
  return typeof publicKey === "string" ? publicKey : value(publicKey);
}

function unpadded(text: string): string {
  return text.replace(/=+$/, "").toLowerCase();
}
