/**
 * The `apiKey` policy: lets those pass who show a key that is known, and finds out whose it is.
 *
 * @module
 */

import type { BuildEnv } from "../../core/build_env.ts";
import { type Policy, type PolicyWarning, recordPolicy } from "../../core/policy.ts";
import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";
import { ApiKeyAuthenticator } from "./api_key/api_key_authenticator.ts";
import { KeyFile } from "./api_key/key_file.ts";
import { type FindKey, KeyFunction } from "./api_key/key_function.ts";
import { type KeyPlace, keySource } from "./api_key/key_place.ts";
import { readKeys } from "./api_key/read_keys.ts";
import { type ApiKeyPlan, apiKeySchema } from "./api_key_schema.ts";
import { IDENTITY_FACTS, type IdentityDefinition, identityDefinition, type IdentityFact } from "./authenticator.ts";
import { placeNames } from "./credential/place_names.ts";
import { FailureLimit } from "./failure_limit.ts";

/** The scheme of keys that stand elsewhere than in `authorization`: none is registered, and this is what most call it. */
const SCHEME = "ApiKey";

/** The SHA-256 of a key, in hexadecimal: what `gatewright key` prints. */
export type KeyHash = `sha256:${string}`;

/** One key. */
export interface ApiKeyEntry {
  readonly hash: KeyHash;
  /**
   * Whose key it is: a name of `consumers`, or any other.
   *
   * @default nobody's: limits and logs tell it from others by a name made of its hash
   */
  readonly consumer?: string;
  /** @default those of the consumer, where the config has one of this name */
  readonly groups?: readonly string[];
  /**
   * When it stops being good: `"2030-01-31"`, which is the first moment of that day in UTC, or with time and zone.
   *
   * @default never
   */
  readonly expires?: string;
}

/**
 * Options of {@link apiKey}. A key is looked for in `keys`, then in `file`, then among those of the consumers, and `find`
 * is asked for the rest. However many there are, it costs the same.
 */
export interface ApiKeyOptions {
  /**
   * Where clients put the key; of several places the first that has one counts. A key that stands twice in its place is
   * refused. Keys in the query end up in the logs of whoever sees the URL, so `check` warns.
   *
   * @default "header:x-api-key"
   */
  readonly in?: KeyPlace | readonly KeyPlace[];
  /**
   * What stands before the key in `header:authorization`, such as `"Bearer"` or `"ApiKey"`; case does not count.
   *
   * @default "Bearer"
   */
  readonly scheme?: string;
  /**
   * What `WWW-Authenticate` calls that which is protected.
   *
   * @default "gateway"
   */
  readonly realm?: string;
  /**
   * Keys by their hashes: a list, or by the names of consumers. A hash made in one round hides only what cannot be guessed:
   * keys need 128 random bits or more (22 characters of base64url), which those of `gatewright key` have twice over.
   *
   * @default none
   */
  readonly keys?: readonly (KeyHash | ApiKeyEntry)[] | { readonly [consumer: string]: KeyHash | readonly KeyHash[] };
  /**
   * A file of keys, one a line: `sha256:… consumer group,group expires=2030-01-31`, of which only the hash must be there;
   * `#` begins a comment. Put a new file in place of the old one at once, by renaming it: of a file half written the half
   * may count. What is wrong, or empty, does not count: the keys stay as they were, and the log says why.
   *
   * @default none
   */
  readonly file?: Secret;
  /**
   * How often `file` is read again, from 100 ms. The process stands still for it: with a hundred thousand keys about 30 ms.
   * Of another text than before each thousand lines are gone through between requests; all of them take about half a second,
   * and then they count at once.
   *
   * @default "10s"
   */
  readonly reload?: Duration;
  /**
   * Whether the keys of the config's `consumers` are good here.
   *
   * @default true where there are no `keys`, no `file` and no `find`, else false
   */
  readonly consumers?: boolean;
  /**
   * Says whose key it is: `{ consumer: "acme" }`, or `null` for nobody's; it may be asynchronous. What it throws, what takes
   * too long, and an object or a list that says nothing of whose key it is, is answered with 503.
   *
   * @default none
   */
  readonly find?: FindKey;
  /**
   * How long what `find` said of a good key is believed: so long a key stays good that was withdrawn. `"0s"` asks each time.
   *
   * @default "1m"
   */
  readonly remember?: Duration;
  /**
   * How long `find` may take, to 50 ms; up to a minute.
   *
   * @default "5s"
   */
  readonly timeout?: Duration;
  /**
   * Bad keys that one client, an IPv6 one by its /64, may show at once; as many come back in `per`. Beyond it a 429 answers,
   * and no key of the client is looked at but those that were good before. `false`: no limit.
   *
   * @default { limit: 100, per: "1m" }
   */
  readonly failures?: { readonly limit: number; readonly per: Duration } | false;
  /**
   * Whether the key goes on to the upstream, which can then use it as its client could.
   *
   * @default false
   */
  readonly keep?: boolean;
}

/**
 * Lets requests pass that carry a key which is known. Others get 401 with `WWW-Authenticate`: `credential_missing`
 * without a key, `credential_invalid` with a bad one; why it is bad is in the log alone.
 *
 * @example
 * ```ts
 * import { apiKey, secret } from "gatewright";
 *
 * const ofConsumers = apiKey();
 * const own = apiKey({
 *   in: ["header:authorization", "cookie:key"],
 *   keys: { acme: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" },
 *   file: secret.file("./keys.txt"),
 * });
 * console.log(ofConsumers.kind, own.kind); // apiKey apiKey
 * ```
 */
export function apiKey(options: ApiKeyOptions = {}): Policy<"apiKey", never, IdentityFact> {
  return recordPolicy(apiKeyDefinition, options);
}

/** The `apiKey` policy's options, its facts and what it is built into. */
export const apiKeyDefinition: IdentityDefinition<ApiKeyPlan> = identityDefinition({
  kind: "apiKey",
  schema: apiKeySchema,
  facts: () => ({ gives: IDENTITY_FACTS }),
  warnings: ({ in: places }) =>
    places.flatMap((place, i) => place.startsWith("query:") ? [inTheOpen(place, i, places)] : []),
  secretNames: (plan) => placeNames(plan.in),
  secretFault(_plan, _at, value) {
    const keys = readKeys(value);
    if (!("error" in keys)) return null;
    return { message: `this file of keys is wrong: ${keys.error}`, remedy: "lines such as sha256:… acme gold" };
  },
  describe({ in: places, keys, file, consumers, find, keep }) {
    const sources = [
      ...keys.size === 0 ? [] : [`${keys.size} ${keys.size === 1 ? "key" : "keys"}`],
      ...file === undefined ? [] : ["a file"],
      ...consumers ? ["the consumers' keys"] : [],
      ...find === undefined ? [] : ["a function"],
    ];
    return `apiKey in ${places.join(" or ")}: ${sources.join(", ")}${keep ? ", kept" : ""}`;
  },
  authenticator: (plan, env, id) => new ApiKeyAuthenticator(ringOf(plan, env, id), env),
});

function ringOf(plan: ApiKeyPlan, env: BuildEnv, id: string): ConstructorParameters<typeof ApiKeyAuthenticator>[0] {
  const { keys, consumers, find, remember, timeout, failures, keep } = plan;
  return {
    sources: plan.in.map((place) => keySource(place, plan.scheme)),
    keys,
    file: keyFileOf(plan, env, id),
    keysOfConsumers: consumers ? env.consumers : null,
    find: find === undefined ? null : new KeyFunction(find, timeout, id, env),
    remember,
    failures: failures === null ? null : env.state(`${id}/failures`, failures, () => new FailureLimit(failures)),
    keep,
    challenges: challengesOf(plan),
  };
}

/** It outlives a reload of the config, at which the file is read again as at every other time. */
function keyFileOf({ file, reload }: ApiKeyPlan, env: BuildEnv, id: string): KeyFile | null {
  if (file === undefined) return null;
  let isNew = false;
  const made = env.state(`${id}/file`, { file, reload }, () => {
    isNew = true;
    return new KeyFile(file, reload, id, env);
  });
  if (!isNew) made.look();
  return made;
}

/** RFC 9110 §11.6.1; what a bearer token has wrong stands beside it (RFC 6750 §3.1). */
function challengesOf({ in: places, scheme, realm }: ApiKeyPlan): { absent: string[]; invalid: string[] } {
  const name = places.includes("header:authorization") ? scheme : SCHEME, challenge = `${name} realm="${realm}"`;
  return {
    absent: [challenge],
    invalid: [name.toLowerCase() === "bearer" ? `${challenge}, error="invalid_token"` : challenge],
  };
}

function inTheOpen(place: string, i: number, { length }: readonly string[]): PolicyWarning {
  return {
    at: length === 1 ? ["in"] : ["in", i],
    message: "a key in the query ends up in the logs and histories of everybody who sees the URL",
    seen: JSON.stringify(place),
    remedy: '"header:x-api-key"',
  };
}
