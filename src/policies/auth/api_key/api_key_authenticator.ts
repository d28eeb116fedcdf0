/** Checks keys. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Consumers } from "../../../core/consumers.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import { AuthRefusal } from "../auth_refusal.ts";
import type { Authenticator } from "../authenticator.ts";
import { consumerIdentity } from "../consumer_identity.ts";
import { type CredentialPlace, NO_CREDENTIAL, SEVERAL_CREDENTIALS } from "../credential/credential_place.ts";
import type { FailureLimit } from "../failure_limit.ts";
import { VerifiedCache } from "../verified_cache.ts";
import type { KeyFile } from "./key_file.ts";
import { type Found, type KeyFunction, UNAVAILABLE } from "./key_function.ts";
import { hashOfKey, isKey, type KnownKey, type KnownKeys, nameOfKey } from "./known_key.ts";

/** Good keys that are remembered: some 200 bytes each. */
const REMEMBERED = 50_000;
/** Milliseconds after which a key that expires is looked at again, be the clock put on meanwhile. */
const LOOK_AGAIN = 60_000;

/** Whom keys may belong to, and what goes with checking them. */
export interface KeyRing {
  readonly sources: readonly CredentialPlace[];
  readonly keys: KnownKeys;
  readonly file: KeyFile | null;
  /** The config's, where their keys count here; `null`: they do not. */
  readonly keysOfConsumers: Consumers | null;
  readonly find: KeyFunction | null;
  /** Milliseconds for which what `find` said is believed. */
  readonly remember: number;
  readonly failures: FailureLimit | null;
  readonly keep: boolean;
  /** For a 401 without a key, and for one with a bad key. */
  readonly challenges: { readonly absent: readonly string[]; readonly invalid: readonly string[] };
}

/** Looks keys up: a good one that came before by itself, every other by its hash. */
export class ApiKeyAuthenticator implements Authenticator {
  readonly owns: readonly string[] = [];
  readonly #ring: KeyRing;
  readonly #env: Pick<BuildEnv, "clock" | "consumers">;
  readonly #sources: readonly CredentialPlace[];
  readonly #file: KeyFile | null;
  /** Of the file's keys, when the cache was begun. */
  #version: number;
  readonly #good = new VerifiedCache<Identity>(REMEMBERED);
  readonly #refusals: Readonly<
    Record<"absent" | "twice" | "malformed" | "unknown" | "expired" | "unavailable", AuthRefusal>
  >;

  constructor(ring: KeyRing, env: Pick<BuildEnv, "clock" | "consumers">) {
    this.#ring = ring;
    this.#env = env;
    this.#sources = ring.sources;
    this.#file = ring.file;
    this.#version = ring.file?.version ?? 0;
    const { absent, invalid } = ring.challenges;
    const bad = (reason: string) => new AuthRefusal("invalid", { reason, challenges: invalid });
    this.#refusals = {
      absent: new AuthRefusal("absent", { reason: "there is no key", challenges: absent }),
      twice: bad("there is more than one key in one place"),
      malformed: bad("the key has characters that no key has, or is too long"),
      unknown: bad("the key is not known"),
      expired: bad("the key has expired"),
      unavailable: new AuthRefusal("unavailable", { reason: "the function that finds keys failed" }),
    };
  }

  check(exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const key = this.#keyOf(exchange);
    if (key === NO_CREDENTIAL) return this.#refusals.absent;
    if (key === SEVERAL_CREDENTIALS) return this.#refused(this.#refusals.twice, exchange);
    if (this.#file !== null && this.#file.version !== this.#version) {
      this.#good.expire();
      this.#version = this.#file.version;
    }
    return this.#good.get(key, exchange.startedAt) ?? this.#look(key, exchange);
  }

  accepted(exchange: Exchange): void {
    if (!this.#ring.keep) this.hide(exchange);
  }

  hide(exchange: Exchange, kept: readonly string[] = []): void {
    for (let i = 0; i < this.#sources.length; i++) {
      const key = this.#sources[i].read(exchange);
      if (key === SEVERAL_CREDENTIALS || !kept.includes(key)) this.#sources[i].remove(exchange);
    }
  }

  kept(exchange: Exchange): readonly string[] {
    const key = this.#ring.keep ? this.#keyOf(exchange) : NO_CREDENTIAL;
    return key === SEVERAL_CREDENTIALS || key === NO_CREDENTIAL ? [] : [key];
  }

  #keyOf(exchange: Exchange): string | null {
    for (let i = 0; i < this.#sources.length; i++) {
      const key = this.#sources[i].read(exchange);
      if (key !== NO_CREDENTIAL) return key;
    }
    return NO_CREDENTIAL;
  }

  #look(key: string, exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const { keys, file, keysOfConsumers, find, failures } = this.#ring;
    const wait = failures === null ? 0 : failures.wait(exchange, exchange.startedAt);
    // Whose key was good is not to suffer from a neighbour behind the same address, be the key's time in the memory over.
    if (wait > 0 && !this.#good.knew(key)) {
      return new AuthRefusal("limited", { reason: "too many keys that were not good", retryAfter: wait });
    }
    if (!isKey(key)) return this.#refused(this.#refusals.malformed, exchange);
    const hash = hashOfKey(key), known = keys.get(hash) ?? file?.keys.get(hash);
    if (known !== undefined) return this.#known(known, key, hash, exchange);
    const consumer = keysOfConsumers?.ofKey(hash);
    if (consumer !== undefined) {
      return this.#remembered(key, consumerIdentity({ method: "apiKey" }, keysOfConsumers!, consumer), Infinity);
    }
    if (find === null) return this.#withdrawn(this.#refusals.unknown, key, exchange);
    const found = find.ask(key, exchange);
    return found instanceof Promise
      ? found.then((found) => this.#found(found, key, hash, exchange))
      : this.#found(found, key, hash, exchange);
  }

  #known({ expires, ...owner }: KnownKey, key: string, hash: string, exchange: Exchange): Identity | AuthRefusal {
    const left = expires === undefined ? Infinity : expires - this.#env.clock.wall();
    if (left <= 0) return this.#withdrawn(this.#refusals.expired, key, exchange);
    const until = left === Infinity ? Infinity : exchange.startedAt + Math.min(left, LOOK_AGAIN);
    return this.#remembered(key, this.#identity(owner, hash), until);
  }

  #found(found: Found, key: string, hash: string, exchange: Exchange): Identity | AuthRefusal {
    if (found === UNAVAILABLE) return this.#refusals.unavailable;
    if (found === null) return this.#withdrawn(this.#refusals.unknown, key, exchange);
    const { remember } = this.#ring;
    return this.#remembered(
      key,
      this.#identity(found, hash),
      remember === 0 ? -Infinity : exchange.startedAt + remember,
    );
  }

  #identity(owner: Omit<Identity, "method">, hash: string): Identity {
    if (owner.consumer !== undefined) return consumerIdentity({ method: "apiKey", ...owner }, this.#env.consumers);
    return { method: "apiKey", ...owner, subject: owner.subject ?? nameOfKey(hash) };
  }

  #remembered(key: string, identity: Identity, until: number): Identity {
    const shared = Object.freeze(identity);
    this.#good.set(key, shared, until);
    return shared;
  }

  /** A key that is not good, be it that it never was. */
  #withdrawn(refusal: AuthRefusal, key: string, exchange: Exchange): AuthRefusal {
    this.#good.forget(key);
    return this.#refused(refusal, exchange);
  }

  #refused(refusal: AuthRefusal, exchange: Exchange): AuthRefusal {
    this.#ring.failures?.failed(exchange, exchange.startedAt);
    return refusal;
  }
}
