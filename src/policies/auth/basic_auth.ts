/**
 * The `basicAuth` policy: users and passwords (RFC 7617).
 *
 * @module
 */

import type { BuildEnv } from "../../core/build_env.ts";
import { type Policy, type PolicyWarning, recordPolicy, type SecretFault } from "../../core/policy.ts";
import { isSecret, type Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";
import { type PasswordHash, readPasswordHash } from "../../settings/password_hash.ts";
import { Refusal } from "../../settings/scalar.ts";
import { IDENTITY_FACTS, type IdentityDefinition, identityDefinition, type IdentityFact } from "./authenticator.ts";
import { BasicAuthenticator, type Verified } from "./basic_auth/basic_authenticator.ts";
import { PasswordFile } from "./basic_auth/password_file.ts";
import { PasswordFunction, type VerifyPassword } from "./basic_auth/password_function.ts";
import { readPasswords } from "./basic_auth/read_passwords.ts";
import { SlowChecks } from "./basic_auth/slow_checks.ts";
import { ConsumerUsers, ListedUsers, type Users } from "./basic_auth/users.ts";
import { type BasicAuthPlan, basicAuthSchema } from "./basic_auth_schema.ts";
import { FailureLimit } from "./failure_limit.ts";
import { VerifiedCache } from "./verified_cache.ts";

/** Good credentials that are remembered: some 300 bytes each. */
const REMEMBERED = 20_000;

/**
 * Options of {@link basicAuth}. A user is looked for in `users`, then in `file`, then among those of the consumers, and
 * `verify` is asked for the rest.
 */
export interface BasicAuthOptions {
  /**
   * Hashes of passwords by user: what `gatewright password` prints, or a secret that holds it. Known are argon2
   * (`$argon2id$…`), bcrypt (`$2b$…`) and scrypt (`$scrypt$ln=…`), each check of which takes the tenth part of a second,
   * on a thread of its own; and SHA-256 in one round (`sha256:…`, `{SHA256}…`), which protects none but random passwords
   * of 128 bits and more. MD5 and SHA-1 protect nothing and are refused, and so is what else crypt(3) knows.
   *
   * @default none
   */
  readonly users?: { readonly [user: string]: string | Secret };
  /**
   * A file of `user:hash` lines, as `htpasswd -B` writes them. Put a new file in place of the old one at once, by renaming
   * it. What is wrong, or empty, does not count: the users stay as they were, and the log says why.
   *
   * @default none
   */
  readonly file?: Secret;
  /**
   * How often `file` is read again, from 100 ms.
   *
   * @default "10s"
   */
  readonly reload?: Duration;
  /**
   * Whether the users of the config's `consumers` are good here.
   *
   * @default true where there are no `users`, no `file` and no `verify`, else false
   */
  readonly consumers?: boolean;
  /**
   * Says whether a password is right: `true`, or what is known of the user, such as `{ groups: ["staff"] }`; `false` or
   * nothing where it is not. It may be asynchronous. What it throws, what takes too long, and an object or a list that says
   * nothing of the user, is answered with 503.
   *
   * @default none
   */
  readonly verify?: VerifyPassword;
  /**
   * How long `verify` may take, to 50 ms; up to a minute.
   *
   * @default "5s"
   */
  readonly timeout?: Duration;
  /**
   * What browsers show to those whom they ask for a password.
   *
   * @default "gateway"
   */
  readonly realm?: string;
  /**
   * How long a good password is not checked again, up to an hour, unless its user or hash has gone. Each request carries
   * it, and a check costs the tenth part of a second: without a cache ten requests a second fill the thread. So long the
   * passwords themselves are in this process's memory. `false`: each request is checked.
   *
   * @default "5m"
   */
  readonly cache?: Duration | false;
  /**
   * Wrong passwords that one client, an IPv6 one by its /64, may send at once; as many come back in `per`. Beyond it a 429
   * answers, and no password of the client is looked at but those that were good before. `false`: no limit.
   *
   * @default { limit: 10, per: "1m" }
   */
  readonly failures?: { readonly limit: number; readonly per: Duration } | false;
  /**
   * Whether user and password go on to the upstream, which can then use them as their client could.
   *
   * @default false
   */
  readonly keep?: boolean;
}

/**
 * Lets requests pass whose user and password are known. Others get 401 with `WWW-Authenticate: Basic`. Whether the user
 * or the password was wrong nobody is told, neither by the answer nor by the time that it took. A client can have four
 * passwords checked at a time, and gets 429 for the next; where more than 64 wait in all, the next get 503.
 *
 * @example
 * ```ts
 * import { basicAuth, secret } from "gatewright";
 *
 * const ofConsumers = basicAuth();
 * const own = basicAuth({
 *   users: { alice: secret.env("ALICE_HASH") },
 *   file: secret.file("./.htpasswd"),
 *   realm: "back office",
 * });
 * console.log(ofConsumers.kind, own.kind); // basicAuth basicAuth
 * ```
 */
export function basicAuth(options: BasicAuthOptions = {}): Policy<"basicAuth", never, IdentityFact | "basic:user"> {
  return recordPolicy(basicAuthDefinition, options);
}

/** The `basicAuth` policy's options, its facts and what it is built into. */
export const basicAuthDefinition: IdentityDefinition<BasicAuthPlan> = identityDefinition({
  kind: "basicAuth",
  schema: basicAuthSchema,
  facts: () => ({ gives: [...IDENTITY_FACTS, "basic:user"] }),
  warnings: ({ users }) => Object.entries(users).flatMap(([user, hash]) => isFast(hash) ? [fastHash(user)] : []),
  secretFault: (_plan, [option], value) => option === "file" ? fileFault(value) : hashFault(value),
  describe({ users, file, consumers, verify, keep }) {
    const count = Object.keys(users).length;
    const sources = [
      ...count === 0 ? [] : [`${count} ${count === 1 ? "user" : "users"}`],
      ...file === undefined ? [] : ["a file"],
      ...consumers ? ["the consumers' users"] : [],
      ...verify === undefined ? [] : ["a function"],
    ];
    return `basicAuth: ${sources.join(", ")}${keep ? ", kept" : ""}`;
  },
  authenticator(plan, env, id) {
    const { verify, timeout, realm, cache, failures, keep } = plan;
    return new BasicAuthenticator({
      users: usersOf(plan, env, id),
      verify: verify === undefined ? null : new PasswordFunction(verify, timeout, id, env),
      slow: env.state("basicAuth/thread", {}, () => new SlowChecks(env)),
      consumers: env.consumers,
      cache,
      // Hashes tell whether what is remembered still holds. Of another function nobody knows.
      verified: verify === undefined
        ? env.state(`${id}/verified`, {}, () => new VerifiedCache<Verified>(REMEMBERED))
        : new VerifiedCache<Verified>(REMEMBERED),
      failures: failures === null ? null : env.state(`${id}/failures`, failures, () => new FailureLimit(failures)),
      realm,
      keep,
    });
  },
});

function usersOf({ users, file, reload, consumers }: BasicAuthPlan, env: BuildEnv, id: string): Users[] {
  const listed = Object.entries(users).map((
    [user, hash],
  ): [string, PasswordHash] => [user, hashOf(hash, user, env, id)]);
  return [
    ...(listed.length === 0 ? [] : [new ListedUsers(new Map(listed))]),
    ...(file === undefined ? [] : [fileOf(file, reload, env, id)]),
    ...(consumers ? [new ConsumerUsers(env.consumers)] : []),
  ];
}

/** It outlives a reload of the config, at which the file is read again as at every other time. */
function fileOf(file: Secret, reload: number, env: BuildEnv, id: string): PasswordFile {
  let isNew = false;
  const made = env.state(`${id}/file`, { file, reload }, () => {
    isNew = true;
    return new PasswordFile(file, reload, id, env);
  });
  if (!isNew) made.look();
  return made;
}

/** @throws Error where a secret is missing, or holds no hash */
function hashOf(hash: PasswordHash | Secret, user: string, env: BuildEnv, id: string): PasswordHash {
  if (!isSecret(hash)) return hash;
  const read = env.secrets(hash), found = "error" in read ? read.error : readPasswordHash(read.value);
  if (typeof found !== "string" && !(found instanceof Refusal)) return found;
  const reason = typeof found === "string" ? found : found.message;
  throw new Error(`policy ${id}: the hash of user "${user}" cannot be had: ${reason}`);
}

function isFast(hash: PasswordHash | Secret): boolean {
  return !isSecret(hash) && hash.kind === "sha256";
}

function fastHash(user: string): PolicyWarning {
  return {
    at: ["users", user],
    message: "a hash made in one round protects none but random passwords of 22 characters and more",
    remedy: "an argon2 hash, which `gatewright password` prints; or leave it, if the password is random",
  };
}

function fileFault(value: string): SecretFault | null {
  const users = readPasswords(value);
  return "error" in users ? { message: `this file of users is wrong: ${users.error}` } : null;
}

function hashFault(value: string): SecretFault | null {
  const hash = readPasswordHash(value);
  return hash instanceof Refusal ? { message: hash.message, remedy: hash.remedy } : null;
}
