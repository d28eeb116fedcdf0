/** Keys in a file, read again and again. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Cancel } from "../../../core/clock.ts";
import type { Secret } from "../../../core/secret.ts";
import type { KnownKeys } from "./known_key.ts";
import { readingKeys, readKeys, type WrongKeys } from "./read_keys.ts";

/** What a file needs of the world. */
type World = Pick<BuildEnv, "secrets" | "log" | "clock">;

/** The keys as they were when the file was last right. It goes on looking until it is closed. */
export class KeyFile {
  #keys: KnownKeys;
  #version = 1;
  /** What was last in the file, right or wrong. */
  #text: string;
  /** What was last said of a file that is wrong: once is enough. */
  #said = "";
  readonly #file: Secret;
  readonly #policy: string;
  readonly #env: World;
  readonly #stop: Cancel;
  /** Gives up the text that is being gone through. */
  #giveUp: Cancel = () => {};

  /**
   * @param every milliseconds between two looks
   * @throws Error where the file cannot be read, or is wrong
   */
  constructor(file: Secret, every: number, policy: string, env: World) {
    this.#file = file;
    this.#policy = policy;
    this.#env = env;
    const read = env.secrets(file);
    if ("error" in read) throw cannotBeHad(policy, read.error);
    const keys = readKeys(read.value);
    if ("error" in keys) throw cannotBeHad(policy, keys.error);
    this.#text = read.value;
    this.#keys = keys;
    this.#stop = env.clock.every(every, () => this.look());
  }

  get keys(): KnownKeys {
    return this.#keys;
  }

  /** Another number when the keys are others: what was remembered of them no longer counts. */
  get version(): number {
    return this.#version;
  }

  /**
   * Reads the file; what is new in it counts when all of it has been gone through, between requests. While it is wrong, or
   * cannot be read, the keys stay as they are.
   */
  look(): void {
    const read = this.#env.secrets(this.#file);
    if ("error" in read) return this.#complain(read.error);
    if (read.value === this.#text) {
      // It could be read: the next time that it cannot is worth a word.
      this.#said = "";
      return;
    }
    this.#giveUp();
    this.#text = read.value;
    this.#goThrough(readingKeys(read.value));
  }

  close(): void {
    this.#stop();
    this.#giveUp();
  }

  #goThrough(reading: ReturnType<typeof readingKeys>): void {
    const { done, value } = reading.next();
    if (done === true) return this.#take(value);
    this.#giveUp = this.#env.clock.after(0, () => this.#goThrough(reading));
  }

  #take(keys: KnownKeys | WrongKeys): void {
    if ("error" in keys) return this.#complain(keys.error);
    this.#said = "";
    this.#keys = keys;
    this.#version++;
  }

  #complain(error: string): void {
    if (error === this.#said) return;
    this.#said = error;
    this.#env.log.error("a file of keys could not be taken: the keys stay as they were", {
      policy: this.#policy,
      error,
    });
  }
}

function cannotBeHad(policy: string, error: string): Error {
  return new Error(`policy ${policy}: its keys cannot be had: ${error}`);
}
