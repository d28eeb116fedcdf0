/** The keys that a config names, ready to check tokens with. @module */

import { Buffer } from "node:buffer";
import type { BuildEnv } from "../../../core/build_env.ts";
import { isSecret, type Secret } from "../../../core/secret.ts";
import type { JwtPlan } from "../jwt_schema.ts";
import { ALGORITHM_KEYS, type JwtAlgorithm } from "./algorithms.ts";
import { type ImportedKey, KeySet } from "./key_set.ts";
import { type KeySource, OwnKeys } from "./key_source.ts";
import { LastPublished } from "./last_published.ts";
import { Provider } from "./provider.ts";
import { ProviderKeys } from "./provider_keys.ts";
import { KeyFault, type PublicKey, readKeySet, readPublicKey } from "./public_key.ts";

/**
 * Prepares the keys of one policy. Those of an issuer are shared by all policies that fetch them in the same way.
 *
 * @throws Error for a secret that cannot be had, or is no key
 */
export function keySourceOf(plan: JwtPlan, env: BuildEnv, id: string): KeySource {
  const { provider, publicKey, keys, secret, algorithms } = plan;
  if (provider !== undefined) return providerKeys({ ...plan, provider }, env);
  if (secret !== undefined) return new OwnKeys(secretKeys(plan, [secret].flat(), env, id), false);
  const read = <T>(value: T | Secret, reader: (text: string, names: JwtPlan["algorithms"]) => T | KeyFault): T => {
    if (!isSecret(value)) return value;
    const key = reader(textOf(value, env, id), algorithms);
    if (key instanceof KeyFault) throw new Error(`policy ${id}: ${nameOf(value)}: ${key.message}`);
    return key;
  };
  const all = publicKey !== undefined ? [read<PublicKey>(publicKey, readPublicKey)] : read(keys ?? [], readKeySet);
  const failed = () => env.log.error("a key of the config cannot be used: no token of it will pass", { policy: id });
  return new OwnKeys(KeySet.of(all, failed), publicKey === undefined);
}

/** Where the keys are, in a few words for `routes`. */
export function keysAt({ provider, publicKey, keys, secret, algorithms }: JwtPlan): string {
  const address = provider?.jwks ?? provider?.discovery;
  if (address) return `keys of ${address.upstream ?? address.to}${address.path}`;
  if (secret !== undefined) return `${algorithms.join(", ")} with a secret`;
  if (publicKey !== undefined) {
    return isSecret(publicKey) ? "a public key" : `a key for ${publicKey.algorithms.join(", ")}`;
  }
  return isSecret(keys) ? "public keys" : `${keys?.length} public ${keys?.length === 1 ? "key" : "keys"}`;
}

function providerKeys(
  { provider, algorithms }: JwtPlan & Required<Pick<JwtPlan, "provider">>,
  env: BuildEnv,
): KeySource {
  const { refresh, cooldown, maxStale, ...plan } = provider, { timeout: _, ...place } = plan;
  const own = new Provider(plan, env), shape = { ...provider, algorithms };
  const last = env.state(`jwt/published/${JSON.stringify(place)}`, place, () => new LastPublished());
  const make = () => new ProviderKeys(own, algorithms, { refresh, cooldown, maxStale }, last, env);
  const keys = env.state(`jwt/keys/${JSON.stringify(shape)}`, shape, make);
  return {
    get generation() {
      return keys.generation;
    },
    get goodUntil() {
      return keys.goodUntil;
    },
    find(algorithm, kid, trace) {
      // Keys outlive a reload; the upstreams that they were fetched over do not. Requests come when the new ones stand.
      keys.provider = own;
      return keys.find(algorithm, kid, trace);
    },
    findOthers: (...asked) => keys.findOthers(...asked),
  };
}

/** What is wrong with the value of a secret of this plan, be it a shared one or public keys; `null` where it fits. */
export function keyFault(plan: JwtPlan, value: string): KeyFault | null {
  const { publicKey, secret, algorithms } = plan;
  const read = secret !== undefined
    ? secretBytes(plan, value)
    : publicKey !== undefined
    ? readPublicKey(value, algorithms)
    : readKeySet(value, algorithms);
  return read instanceof KeyFault ? read : null;
}

/** @throws Error for a secret that is too short for one of the algorithms */
function secretKeys(plan: JwtPlan, secrets: readonly Secret[], env: BuildEnv, id: string): Promise<KeySet> {
  const all = secrets.map((secret) => {
    const bytes = secretBytes(plan, textOf(secret, env, id));
    if (bytes instanceof KeyFault) throw new Error(`policy ${id}: ${nameOf(secret)}: ${bytes.message}`);
    return bytes;
  });
  return importedSecrets(all, plan.algorithms);
}

function secretBytes({ algorithms, encoding }: JwtPlan, text: string): Uint8Array<ArrayBuffer> | KeyFault {
  if (encoding === "base64url" && !/^[\w-]+=*$/.test(text)) return new KeyFault("this is not base64url");
  const bytes = new Uint8Array(Buffer.from(text, encoding));
  const least = Math.max(...algorithms.map((algorithm) => ALGORITHM_KEYS[algorithm].least));
  if (bytes.length >= least) return bytes;
  return new KeyFault(`this has ${bytes.length} bytes, and ${algorithms.join(", ")} needs ${least}`);
}

async function importedSecrets(
  secrets: readonly Uint8Array<ArrayBuffer>[],
  algorithms: readonly JwtAlgorithm[],
): Promise<KeySet> {
  const imported = new Map<string, ImportedKey>();
  for (const algorithm of algorithms) {
    for (const [i, bytes] of secrets.entries()) {
      const hmac = { name: "HMAC", hash: `SHA-${algorithm.slice(2)}` };
      const key = await crypto.subtle.importKey("raw", bytes, hmac, false, ["verify"]);
      imported.set(`${algorithm} ${i}`, { algorithm, kid: undefined, key });
    }
  }
  return new KeySet(imported);
}

function textOf(secret: Secret, env: BuildEnv, id: string): string {
  const read = env.secrets(secret);
  if ("error" in read) throw new Error(`policy ${id}: ${nameOf(secret)} cannot be had: ${read.error}`);
  return read.value;
}

function nameOf(secret: Secret): string {
  return secret.env === undefined ? `secret.file("${secret.file}")` : `secret.env("${secret.env}")`;
}
