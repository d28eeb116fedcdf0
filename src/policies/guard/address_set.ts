/** Addresses of a list, some of which stand in files that change. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Cancel } from "../../core/clock.ts";
import { isSecret, type Secret, type SecretReader } from "../../core/secret.ts";
import { CidrSet, isCidrError } from "../../http/cidr.ts";
import type { AddressPlan } from "./ip_filter_schema.ts";

/** Milliseconds between two looks into a file. */
const REREAD = 10_000;

/** The set as it is now. */
export interface AddressSet {
  readonly current: CidrSet;
}

/**
 * Prepares a list. Files are read at once, at each reload and from time to time.
 *
 * @param id names what is remembered of them
 * @throws Error where a file cannot be read, or has a mistake, at the beginning
 */
export function addressSet(list: readonly AddressPlan[], env: BuildEnv, id: string): AddressSet {
  const fixed = list.filter((entry) => typeof entry === "string"), sources = list.filter(isSecret);
  if (sources.length === 0) return { current: parsed(fixed, id) };
  const set = env.state(id, list, () => new ReadAddresses(fixed, sources, env, id));
  set.read(env.secrets);
  return set;
}

class ReadAddresses implements AddressSet {
  current: CidrSet = CidrSet.EMPTY;
  /** What `current` was made of. */
  #texts: readonly string[] | null = null;
  readonly #fixed: readonly string[];
  readonly #sources: readonly Secret[];
  readonly #env: BuildEnv;
  readonly #id: string;
  readonly #stop: Cancel;
  /** Why the last look failed, so that it is told once. */
  #trouble = "";

  constructor(fixed: readonly string[], sources: readonly Secret[], env: BuildEnv, id: string) {
    this.#fixed = fixed;
    this.#sources = sources;
    this.#env = env;
    this.#id = id;
    this.#stop = env.clock.every(REREAD, () => this.#look());
  }

  close(): void {
    this.#stop();
  }

  /** @throws Error where it cannot be done; then all stays as it was */
  read(secrets: SecretReader): void {
    const texts = this.#sources.map((source) => {
      const read = secrets(source);
      if ("error" in read) throw new Error(`${this.#id}: ${nameOf(source)} cannot be had: ${read.error}`);
      return read.value;
    });
    if (this.#texts !== null && texts.every((text, i) => text === this.#texts![i])) return;
    const entries = texts.flatMap((text, i) => entriesOf(text, `${this.#id}: ${nameOf(this.#sources[i])}`));
    this.current = parsed([...this.#fixed, ...entries], this.#id);
    this.#texts = texts;
  }

  #look(): void {
    try {
      this.read(this.#env.secrets);
      this.#trouble = "";
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#trouble) {
        this.#env.log.error("a list of addresses could not be read again: the last one holds", { error: message });
      }
      this.#trouble = message;
    }
  }
}

/** What stands in a file: one entry a line, `#` before a remark; or, in a variable, with commas between them. */
function entriesOf(text: string, where: string): string[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const entries = line.replace(/#.*/, "").split(/[\s,]+/).filter((entry) => entry !== "");
    const wrong = CidrSet.parse(entries);
    if (!isCidrError(wrong)) return entries;
    const { error, remedy } = wrong.issues[0];
    throw new Error(`${where}, line ${i + 1}: ${error}: expected ${remedy}`);
  });
}

function parsed(texts: readonly string[], id: string): CidrSet {
  const set = CidrSet.parse(texts);
  if (!isCidrError(set)) return set;
  throw new TypeError(`${id}: ${set.issues.map(({ seen, error }) => `${seen}: ${error}`).join("; ")}`);
}

function nameOf({ file, env }: Secret): string {
  return file === undefined ? `secret.env("${env}")` : `secret.file("${file}")`;
}
