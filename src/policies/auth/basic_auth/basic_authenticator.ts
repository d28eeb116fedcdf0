/** Checks users and passwords. @module */

import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Consumers } from "../../../core/consumers.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Identity } from "../../../core/identity.ts";
import { type KeyReader, parseKey } from "../../../core/key.ts";
import { PasswordHash } from "../../../settings/password_hash.ts";
import { AuthRefusal } from "../auth_refusal.ts";
import type { Authenticator } from "../authenticator.ts";
import { consumerIdentity } from "../consumer_identity.ts";
import type { FailureLimit } from "../failure_limit.ts";
import type { VerifiedCache } from "../verified_cache.ts";
import { type BasicCredential, isBasic, readCredential } from "./credential.ts";
import type { PasswordFunction } from "./password_function.ts";
import type { SlowChecks } from "./slow_checks.ts";
import type { KnownUser, Users } from "./users.ts";

/** Who may log in, and what goes with checking it. */
export interface BasicGate {
  /** Asked in this order; the first that knows a user counts. */
  readonly users: readonly Users[];
  /** Asked for users whom nobody else knows; `null`: nobody is. */
  readonly verify: PasswordFunction | null;
  readonly slow: Pick<SlowChecks, "check">;
  readonly consumers: Consumers;
  /** Milliseconds for which a good credential is not checked again; 0: none is remembered. */
  readonly cache: number;
  readonly verified: VerifiedCache<Verified>;
  readonly failures: FailureLimit | null;
  readonly realm: string;
  readonly keep: boolean;
}

/** A credential that was found good. */
export interface Verified {
  readonly identity: Identity;
  /** The user's hash then; while it is the same, so is the verdict. `null`: a function has found it good. */
  readonly hash: string | null;
}

/** Of one credential: who it is, `null` for nobody, `undefined` where nobody can tell. */
type Verdict = Identity | null | undefined;

/** Different credentials of one client that are checked at a time, so that no one fills the line. */
const MOST_AT_A_TIME = 4;

/** In place of the hash of a user whom nobody knows, where there are no users at all. */
const NOBODY = new PasswordHash(
  "argon2",
  "$argon2id$v=19$m=19456,t=2,p=1$Z2F0ZXdyaWdodC5ub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
);

/** Looks users up and compares their passwords: a good one that came before by itself, every other by its hash. */
export class BasicAuthenticator implements Authenticator {
  readonly owns: readonly string[] = [];
  readonly #gate: BasicGate;
  readonly #verified: VerifiedCache<Verified>;
  readonly #clientOf: KeyReader = parseKey("ip/32/64")!;
  /** What is being checked, by credential: those who come meanwhile wait for the same verdict. */
  readonly #checks = new Map<string, Promise<Verdict>>();
  /** Checks by client. */
  readonly #clients = new Map<string, number>();
  readonly #refusals: Readonly<Record<"absent" | "malformed" | "bad" | "busy" | "unavailable", AuthRefusal>>;

  constructor(gate: BasicGate) {
    this.#gate = gate;
    this.#verified = gate.verified;
    const challenges = [`Basic realm="${gate.realm}", charset="UTF-8"`];
    this.#refusals = {
      absent: new AuthRefusal("absent", { reason: "there are no user and password", challenges }),
      malformed: new AuthRefusal("invalid", { reason: "user and password are malformed", challenges }),
      bad: new AuthRefusal("invalid", { reason: "the user is not known, or the password is wrong", challenges }),
      busy: new AuthRefusal("limited", { reason: "too many passwords at a time", retryAfter: 1 }),
      unavailable: new AuthRefusal("unavailable", { reason: "the password could not be checked", retryAfter: 1 }),
    };
  }

  check(exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const header = exchange.headers.get("authorization");
    if (header === null) return this.#refusals.absent;
    const verified = this.#verified.get(header, exchange.startedAt);
    if (verified !== undefined) {
      const known = this.#find(verified.identity.user!), hash = known?.hash.text ?? null;
      if (hash === verified.hash) return known?.identity ?? verified.identity;
    }
    if (!isBasic(header)) return this.#refusals.absent;
    return this.#look(header, exchange);
  }

  accepted(exchange: Exchange): void {
    if (!this.#gate.keep) exchange.headers.remove("authorization");
  }

  hide({ headers }: Exchange, kept: readonly string[]): void {
    const header = headers.get("authorization");
    if (header !== null && isBasic(header) && !kept.includes(header)) headers.remove("authorization");
  }

  kept({ headers }: Exchange): readonly string[] {
    const header = this.#gate.keep ? headers.get("authorization") : null;
    return header === null ? [] : [header];
  }

  #look(header: string, exchange: Exchange): MaybePromise<Identity | AuthRefusal> {
    const wait = this.#gate.failures?.wait(exchange, exchange.startedAt) ?? 0;
    // Whose password was good is not to suffer from a neighbour behind the same address, be its time in the memory over.
    if (wait > 0 && !this.#verified.knew(header)) {
      return new AuthRefusal("limited", { reason: "too many wrong passwords", retryAfter: wait });
    }
    const credential = readCredential(header);
    if (credential === null) return this.#refusals.malformed;
    const under = this.#checks.get(header);
    if (under !== undefined) return under.then((verdict) => this.#answer(verdict, header, exchange));
    const client = this.#clientOf(exchange) ?? exchange.client.ip, count = this.#clients.get(client) ?? 0;
    if (count >= MOST_AT_A_TIME) return this.#refusals.busy;
    const verdict = this.#verdict(credential, header, exchange);
    if (!(verdict instanceof Promise)) return this.#answer(verdict, header, exchange);
    this.#checks.set(header, verdict);
    this.#clients.set(client, count + 1);
    return verdict.finally(() => this.#over(header, client)).then((verdict) => this.#answer(verdict, header, exchange));
  }

  #over(header: string, client: string): void {
    this.#checks.delete(header);
    const count = this.#clients.get(client)! - 1;
    if (count === 0) this.#clients.delete(client);
    else this.#clients.set(client, count);
  }

  #answer(verdict: Verdict, header: string, exchange: Exchange): Identity | AuthRefusal {
    if (verdict === undefined) return this.#refusals.unavailable;
    if (verdict !== null) return verdict;
    // One that was good before is now as any other.
    this.#verified.forget(header);
    this.#gate.failures?.failed(exchange, exchange.startedAt);
    return this.#refusals.bad;
  }

  #verdict(credential: BasicCredential, header: string, exchange: Exchange): MaybePromise<Verdict> {
    const { user, password } = credential, now = exchange.startedAt, known = this.#find(user), { verify } = this.#gate;
    if (known === undefined && verify !== null) return this.#asked(verify, credential, header, exchange);
    // For users who are known too: so that it takes the same time.
    const standIn = this.#inPlaceOf(user), hash = known?.hash ?? standIn;
    const settle = (good: boolean | null): Verdict => {
      if (good === null) return undefined;
      if (!good || known === undefined) return null;
      return this.#remembered(known.identity, hash.text, header, now);
    };
    if (hash.kind === "sha256") return settle(digestIs(password, hash.text));
    return this.#gate.slow.check(password, hash.text).then(settle);
  }

  async #asked(
    verify: PasswordFunction,
    credential: BasicCredential,
    header: string,
    exchange: Exchange,
  ): Promise<Verdict> {
    const found = await verify.ask(credential.user, credential.password, exchange);
    if (found === null || found === undefined) return found;
    return this.#remembered(consumerIdentity(found, this.#gate.consumers), null, header, exchange.startedAt);
  }

  #remembered(identity: Identity, hash: string | null, header: string, now: number): Identity {
    const { cache } = this.#gate, shared = Object.freeze(identity);
    if (cache > 0) this.#verified.set(header, { identity: shared, hash }, now + cache);
    return shared;
  }

  #find(user: string): KnownUser | undefined {
    const { users } = this.#gate;
    for (let i = 0; i < users.length; i++) {
      const known = users[i].find(user);
      if (known !== undefined) return known;
    }
    return undefined;
  }

  /**
   * A hash that costs what one of the users' does: the same for the same name, so that asking twice tells nothing. Where
   * the hashes are of several kinds, names that nobody has cost as differently as those that somebody has.
   */
  #inPlaceOf(user: string): PasswordHash {
    const lists = this.#gate.users.map((users) => users.hashes()),
      count = lists.reduce((sum, { length }) => sum + length, 0);
    let at = count === 0 ? 0 : createHash("sha256").update(user).digest().readUInt32BE(0) % count;
    for (const list of lists) {
      if (at < list.length) return list[at];
      at -= list.length;
    }
    return NOBODY;
  }
}

/** Of passwords that are random: one round of SHA-256 is enough, as they cannot be guessed. */
function digestIs(password: string, hash: string): boolean {
  const digest = Buffer.from(hash.slice("sha256:".length), "hex");
  return timingSafeEqual(createHash("sha256").update(password).digest(), digest);
}
