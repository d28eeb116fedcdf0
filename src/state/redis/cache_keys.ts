/** Under which keys answers are kept, and in which lines of the index they stand. @module */

import { createHash } from "node:crypto";
import type { PurgeTarget } from "../../core/purge.ts";

/** Characters of base64url: 132 bits, of which two texts will not have the same. */
const LENGTH = 22;

/**
 * Parts that a cache is divided in where there is a cluster, each in one slot with its own index: enough for all nodes to
 * have as much to do, few enough to ask each of them when something is purged.
 */
const CLUSTER_PARTS = 128;

/** Where the answers for one URL are. */
export interface Place {
  /** Key of the index of its part. */
  readonly index: string;
  /** Key of the answers. */
  readonly data: string;
  /** Key of the time of the last purge of its path. */
  readonly purged: string;
  /** The end of its lines, and of {@link data}. */
  readonly hash: string;
  /** Its line. */
  readonly line: string;
}

/** A range of lines in the indexes of some parts. */
export interface Lines {
  readonly indexes: readonly string[];
  /** Key of the time of the last purge of this path; `null`: it is about more than a path. */
  readonly purged: string | null;
  /** Bounds as Redis has them for texts in order; each line between them is meant. */
  readonly from: string;
  /** Without the byte behind all others, which no text can hold: whatever begins so is meant. */
  readonly beginning: string;
  /** Of the lines of URLs, those with this origin, or one that begins so where {@link wholeOrigin} is not set. */
  readonly origin: string;
  readonly wholeOrigin: boolean;
}

/**
 * `prefix{part}:node:answers` is an index, with `:hash` behind it the answers for one URL, and with `/hash` the time of a
 * path's last purge. The part goes by the path, so that a path of every host is in one. Lines are `u/path?query⏎origin⏎hash` and `t` hash-of-tag `⏎hash`.
 */
export class CacheKeys {
  readonly #prefix: string;
  readonly #tail: string;
  readonly #parts: number;

  constructor(prefix: string, id: string, inCluster: boolean) {
    this.#prefix = prefix;
    this.#tail = `}:${id}:answers`;
    this.#parts = inCluster ? CLUSTER_PARTS : 1;
  }

  /** The indexes of all parts. */
  get indexes(): string[] {
    return Array.from({ length: this.#parts }, (_, part) => this.#index(part));
  }

  placeOf(key: string): Place {
    const { origin, path } = partsOf(key), hash = shortHash(key), index = this.#indexOf(path);
    return {
      index,
      data: `${index}:${hash}`,
      purged: purgedKey(index, path),
      hash,
      line: `u${path}\n${origin}\n${hash}`,
    };
  }

  /** What a purge is about; `null`: everything. */
  linesOf(target: PurgeTarget): Lines | null {
    const all = { origin: "", wholeOrigin: false, indexes: this.indexes, purged: null };
    if ("tag" in target) return { ...all, ...startingWith(`t${shortHash(target.tag)}\n`) };
    if ("url" in target) {
      const { origin, path } = partsOf(target.url);
      const start = startingWith(origin === "" ? `u${path}\n` : `u${path}\n${origin}\n`);
      const index = this.#indexOf(path);
      return { ...all, ...start, indexes: [index], purged: purgedKey(index, path) };
    }
    if (!("prefix" in target) || target.prefix === "") return null;
    const { origin, path } = partsOf(target.prefix);
    return { ...all, ...startingWith(`u${path}`), origin, wholeOrigin: path !== "" && origin !== "" };
  }

  #indexOf(path: string): string {
    const [high, low] = createHash("sha256").update(path).digest();
    return this.#index((high << 8 | low) % this.#parts);
  }

  #index(part: number): string {
    return this.#prefix + "{" + part + this.#tail;
  }
}

/** For names of fields, which may hold what nobody is to read, and for tags. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, LENGTH);
}

function purgedKey(index: string, path: string): string {
  return `${index}/${shortHash(path)}`;
}

/** `https://host` and `/path?query`; of what has no path, all of it is the origin. */
function partsOf(key: string): { origin: string; path: string } {
  const scheme = key.indexOf("://"), slash = key.startsWith("/") ? 0 : scheme < 0 ? -1 : key.indexOf("/", scheme + 3);
  return slash < 0 ? { origin: key, path: "" } : { origin: key.slice(0, slash), path: key.slice(slash) };
}

function startingWith(text: string): Pick<Lines, "from" | "beginning"> {
  return { from: `[${text}`, beginning: text };
}
