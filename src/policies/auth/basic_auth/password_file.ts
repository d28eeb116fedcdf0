/** Users in a file, read again and again. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Cancel } from "../../../core/clock.ts";
import type { Secret } from "../../../core/secret.ts";
import type { PasswordHash } from "../../../settings/password_hash.ts";
import { readPasswords } from "./read_passwords.ts";
import { type KnownUser, ListedUsers, type Users } from "./users.ts";

/** The users as they were when the file was last right. It goes on looking until it is closed. */
export class PasswordFile implements Users {
  #users = new ListedUsers(new Map());
  #text: string | null = null;
  /** What was last said of a file that is wrong: once is enough. */
  #said = "";
  readonly #file: Secret;
  readonly #policy: string;
  readonly #env: Pick<BuildEnv, "secrets" | "log">;
  readonly #stop: Cancel;

  /**
   * @param every milliseconds between two looks
   * @throws Error where the file cannot be read, or is wrong
   */
  constructor(file: Secret, every: number, policy: string, env: Pick<BuildEnv, "secrets" | "log" | "clock">) {
    this.#file = file;
    this.#policy = policy;
    this.#env = env;
    const error = this.#read();
    if (error !== null) throw new Error(`policy ${policy}: its users cannot be had: ${error}`);
    this.#stop = env.clock.every(every, () => this.look());
  }

  find(user: string): KnownUser | undefined {
    return this.#users.find(user);
  }

  hashes(): readonly PasswordHash[] {
    return this.#users.hashes();
  }

  /** Reads the file. While it is wrong, or cannot be read, the users stay as they are. */
  look(): void {
    const error = this.#read();
    if (error !== null && error !== this.#said) {
      this.#env.log.error("a file of users could not be taken: they stay as they were", {
        policy: this.#policy,
        error,
      });
    }
    this.#said = error ?? "";
  }

  close(): void {
    this.#stop();
  }

  #read(): string | null {
    const read = this.#env.secrets(this.#file);
    if ("error" in read) return read.error;
    if (read.value === this.#text) return null;
    // It may just be being written. A file with nothing but a comment is one that is meant to have no users.
    if (read.value.trim() === "") return "it is empty";
    const users = readPasswords(read.value);
    if ("error" in users) return users.error as string;
    this.#text = read.value;
    this.#users = new ListedUsers(users);
    return null;
  }
}
