/** An issuer's keys, fetched again and again, and kept while it is away. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Cancel, Clock } from "../../../core/clock.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Log } from "../../../core/log.ts";
import type { Random } from "../../../core/random.ts";
import type { ExchangeTrace } from "../../../core/trace.ts";
import { thrownMessage } from "../../../core/thrown.ts";
import type { JwtAlgorithm } from "./algorithms.ts";
import { KeySet } from "./key_set.ts";
import type { KeySource } from "./key_source.ts";
import type { LastPublished } from "./last_published.ts";
import type { Provider } from "./provider.ts";
import { KeyFault, readJwk } from "./public_key.ts";

/** How often, in milliseconds. */
export interface FetchTerms {
  /** Between two fetches that succeed. */
  readonly refresh: number;
  /** At least between two fetches for the sake of a token that no known key has signed; at most between two that fail. */
  readonly cooldown: number;
  /** How old keys may be. */
  readonly maxStale: number;
}

/** The first pause after a failure; each is twice the one before. */
const FIRST_PAUSE = 1_000;
/** How far an answer's `max-age` shortens and lengthens the time to the next fetch. */
const SHORTEST = 1 / 10, LONGEST = 6;

/**
 * The keys of one issuer. They are fetched when this is made and then in the background; for a token that no known key has
 * signed, too. Nothing but other good keys takes the place of good keys.
 */
export class ProviderKeys implements KeySource {
  readonly #env: { readonly clock: Clock; readonly random: Random; readonly log: Log };
  readonly #terms: FetchTerms;
  readonly #algorithms: readonly JwtAlgorithm[];
  readonly #last: LastPublished;
  /** How the issuer is reached: by the upstreams of the plan in force. */
  provider: Provider;
  #keys: KeySet | null = null;
  /** When {@link #keys} came, and when the last fetch began. */
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #failures = 0;
  #generation = 0;
  #fetching: Promise<void> | null = null;
  #cancel: Cancel | null = null;
  #closed = false;

  constructor(
    provider: Provider,
    algorithms: readonly JwtAlgorithm[],
    terms: FetchTerms,
    last: LastPublished,
    env: Pick<BuildEnv, "clock" | "random" | "log">,
  ) {
    this.provider = provider;
    this.#algorithms = algorithms;
    this.#terms = terms;
    this.#last = last;
    this.#env = env;
    // When the plan that is being built stands: a call may need what is not there yet.
    this.#fetching = Promise.resolve().then(() => this.#start());
  }

  get generation(): number {
    return this.#generation;
  }

  get goodUntil(): number {
    return this.#fetchedAt + this.#terms.maxStale;
  }

  find(
    algorithm: JwtAlgorithm,
    kid: string | undefined,
    trace: ExchangeTrace | null = null,
  ): MaybePromise<readonly CryptoKey[] | null> {
    const known = this.#known(algorithm, kid);
    if (known !== undefined) return known;
    const asked = this.#ask(trace);
    return asked === null ? this.#unknown() : asked.then(() => this.#known(algorithm, kid) ?? this.#unknown());
  }

  /** Issuers without `kid`, or with the same one for ever, change their keys too. */
  findOthers(
    algorithm: JwtAlgorithm,
    kid: string | undefined,
    tried: readonly CryptoKey[],
    trace: ExchangeTrace | null = null,
  ): MaybePromise<readonly CryptoKey[]> {
    const others = () => (this.#known(algorithm, kid) ?? []).filter((key) => !tried.includes(key));
    const meanwhile = others(), asked = meanwhile.length > 0 ? null : this.#ask(trace);
    return asked === null ? meanwhile : asked.then(others);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  /** What the keys at hand tell; `undefined` where others might tell more. */
  #known(algorithm: JwtAlgorithm, kid: string | undefined): readonly CryptoKey[] | undefined {
    const keys = this.#keys;
    if (keys === null || this.goodUntil <= this.#env.clock.now()) return undefined;
    const candidates = keys.candidates(algorithm, kid);
    // A key of this name for another algorithm is no reason to ask: no token changes what a key is for.
    return candidates.length > 0 || kid !== undefined && keys.has(kid) ? candidates : undefined;
  }

  /** No such key, as far as the issuer can be asked. */
  #unknown(): readonly CryptoKey[] | null {
    return this.#keys === null || this.#failures > 0 ? null : [];
  }

  /**
   * The fetch that is under way, or one more; `null` where requests may not have one: strangers can make up a token for
   * each.
   */
  #ask(trace: ExchangeTrace | null): Promise<void> | null {
    const mayAsk = this.#keys !== null && this.#env.clock.now() - this.#triedAt >= this.#terms.cooldown;
    return this.#fetching ?? (mayAsk ? this.#begin(trace) : null);
  }

  /** With the keys that were published last, where there are some: then nobody waits for the issuer. */
  async #start(): Promise<void> {
    const { keys, at } = this.#last;
    if (keys !== null && !this.#closed) await this.#usable(keys).then((set) => this.#take(set, at), () => {});
    if (this.#closed) return;
    const begun = this.#begin(null);
    if (this.#keys === null) await begun;
  }

  /** @param trace of the first request that waits for it; `null`: none does */
  #begin(trace: ExchangeTrace | null): Promise<void> {
    this.#cancel?.();
    return this.#fetching = this.#fetch(trace);
  }

  async #fetch(trace: ExchangeTrace | null): Promise<void> {
    const { clock, random, log } = this.#env, { refresh, cooldown, maxStale } = this.#terms;
    this.#triedAt = clock.now();
    let pause: number;
    try {
      const { keys, maxAge = refresh } = await this.provider.fetch(trace), set = await this.#usable(keys);
      this.#take(set, clock.now());
      Object.assign(this.#last, { keys, at: this.#fetchedAt });
      this.#failures = 0;
      pause = Math.min(Math.max(maxAge, refresh * SHORTEST), refresh * LONGEST, maxStale / 2);
    } catch (error) {
      this.#failures++;
      pause = Math.min(FIRST_PAUSE * 2 ** (this.#failures - 1), cooldown);
      const reason = thrownMessage(error);
      if (!this.#closed) log.warn("the keys of an issuer cannot be had", { reason, failures: this.#failures });
    }
    this.#fetching = null;
    // Gateways that were started together do not ask together for ever.
    const jittered = pause * (0.9 + 0.2 * random());
    if (!this.#closed) this.#cancel = clock.after(jittered, () => void this.#begin(null));
  }

  async #usable(published: readonly unknown[]): Promise<KeySet> {
    const { log } = this.#env;
    const read = published.flatMap((jwk) => {
      const key = readJwk(jwk, this.#algorithms);
      if (!(key instanceof KeyFault)) return [key];
      log.debug("a key of an issuer is not used", { reason: key.message });
      return [];
    });
    const unusable = () => log.debug("a key of an issuer is not used", { reason: "it is no key" });
    const keys = await KeySet.of(read, unusable, this.#keys ?? undefined);
    if (keys.empty) throw new Error("the JWKS has no key that can be used");
    return keys;
  }

  #take(keys: KeySet, at: number): void {
    const before = this.#keys;
    this.#keys = keys;
    this.#fetchedAt = at;
    if (before === null || before.isWithin(keys)) return;
    this.#generation++;
    this.#env.log.info("keys of an issuer were withdrawn");
  }
}
