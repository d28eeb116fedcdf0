/** Who may log in, and by which password. @module */

import type { Consumers } from "../../../core/consumers.ts";
import type { Identity } from "../../../core/identity.ts";
import { PasswordHash, readPasswordHash } from "../../../settings/password_hash.ts";
import { Refusal } from "../../../settings/scalar.ts";
import { consumerIdentity } from "../consumer_identity.ts";

/** A user whose password is known by its hash. */
export interface KnownUser {
  readonly hash: PasswordHash;
  readonly identity: Identity;
}

/** Looks users up. */
export interface Users {
  find(user: string): KnownUser | undefined;
  /** The hashes there are: one of them stands in for that of a user whom nobody knows. */
  hashes(): readonly PasswordHash[];
}

/** Of a list: what a config has, or a file. */
export class ListedUsers implements Users {
  readonly #users: ReadonlyMap<string, KnownUser>;
  readonly #hashes: readonly PasswordHash[];

  constructor(hashes: ReadonlyMap<string, PasswordHash>) {
    this.#users = new Map([...hashes].map(([user, hash]) => [user, { hash, identity: identityOf(user) }]));
    this.#hashes = [...hashes.values()];
  }

  find(user: string): KnownUser | undefined {
    return this.#users.get(user);
  }

  hashes(): readonly PasswordHash[] {
    return this.#hashes;
  }
}

/** Of the config's consumers. */
export class ConsumerUsers implements Users {
  readonly #consumers: Consumers;
  readonly #users = new Map<string, KnownUser>();
  #hashes: readonly PasswordHash[] | null = null;

  constructor(consumers: Consumers) {
    this.#consumers = consumers;
  }

  find(user: string): KnownUser | undefined {
    const known = this.#users.get(user);
    if (known !== undefined) return known;
    const found = this.#consumers.ofUser(user);
    const hash = found === undefined ? undefined : readPasswordHash(found.hash);
    if (found === undefined || hash === undefined || hash instanceof Refusal) return undefined;
    const made = { hash, identity: Object.freeze(consumerIdentity(identityOf(user), this.#consumers, found.consumer)) };
    this.#users.set(user, made);
    return made;
  }

  hashes(): readonly PasswordHash[] {
    return this.#hashes ??= (this.#consumers.passwords ?? [])
      .map(({ hash }) => readPasswordHash(hash))
      .filter((hash) => hash instanceof PasswordHash);
  }
}

function identityOf(user: string): Identity {
  return Object.freeze({ method: "basicAuth", subject: user, user });
}
