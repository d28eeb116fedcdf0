/** A tree of path patterns by segment. @module */

import type { Segment } from "./segment.ts";

/** Decides whether what lies at a matched pattern takes the request; `null` lets the search go on. */
export type Accept<E, R, C> = (place: E, request: R) => C | null;

/**
 * A node stands for the segments that lead to it. Most nodes have one literal child, which is compared in place; a map
 * is made for the second.
 *
 * A search tries the literal child, then the parameter, then the wildcard, so that it meets patterns in the order of
 * their specificity and can stop at the first that is accepted. It visits a node at most once: the tree gives each node
 * one parent, and each step down takes exactly one segment, so that a node is only ever met at one place of the path.
 * A lookup therefore costs no more than the nodes whose segments match, whatever path a client sends, and goes no deeper
 * than the longest pattern.
 */
export class PathTrie<E> {
  #name = "";
  #only: PathTrie<E> | null = null;
  #literals: Map<string, PathTrie<E>> | null = null;
  #param: PathTrie<E> | null = null;
  /** For patterns that end here. */
  #end: E | null = null;
  /** For patterns that go on with a final wildcard. */
  #rest: E | null = null;

  /** The place of a pattern; made where it is missing. Patterns of one shape have one place. */
  ensure(segments: readonly Segment[], make: () => E): E {
    if (segments.length === 0) return this.#end ??= make();
    const [segment, ...others] = segments;
    if (segment.kind === "rest") return this.#rest ??= make();
    const child = segment.kind === "param" ? this.#param ??= new PathTrie() : this.#literal(segment.text);
    return child.ensure(others, make);
  }

  /**
   * What `accept` gives for the most specific matching pattern that it takes, or `null`.
   *
   * @param path begins with `/`
   * @param at where the next segment begins: 1 at the root, beyond the end when the path has no more
   * @param captures receives the raw text of parameters and of the wildcard
   */
  search<R, C>(path: string, at: number, captures: string[], request: R, accept: Accept<E, R, C>): C | null {
    if (at > path.length) {
      const found = this.#end === null ? null : accept(this.#end, request);
      if (found !== null) return found;
    } else {
      const found = this.#step(path, at, captures, request, accept);
      if (found !== null) return found;
    }
    if (this.#rest === null) return null;
    const found = accept(this.#rest, request);
    if (found !== null) captures.push(path.slice(at));
    return found;
  }

  #step<R, C>(path: string, at: number, captures: string[], request: R, accept: Accept<E, R, C>): C | null {
    let to = -1;
    if (this.#only !== null) {
      const after = at + this.#name.length;
      if ((after === path.length || path.charCodeAt(after) === 0x2f) && path.startsWith(this.#name, at)) {
        const found = this.#only.search(path, after + 1, captures, request, accept);
        if (found !== null) return found;
      }
    } else if (this.#literals !== null) {
      to = segmentEnd(path, at);
      const child = this.#literals.get(path.slice(at, to));
      const found = child === undefined ? null : child.search(path, to + 1, captures, request, accept);
      if (found !== null) return found;
    }
    if (this.#param === null) return null;
    if (to < 0) to = segmentEnd(path, at);
    if (to === at) return null;
    captures.push(path.slice(at, to));
    const found = this.#param.search(path, to + 1, captures, request, accept);
    if (found === null) captures.pop();
    return found;
  }

  #literal(name: string): PathTrie<E> {
    if (this.#literals === null) {
      if (this.#only === null) {
        this.#name = name;
        return this.#only = new PathTrie();
      }
      if (this.#name === name) return this.#only;
      this.#literals = new Map([[this.#name, this.#only]]);
      this.#only = null;
    }
    let child = this.#literals.get(name);
    if (child === undefined) this.#literals.set(name, child = new PathTrie());
    return child;
  }
}

function segmentEnd(path: string, from: number): number {
  const to = path.indexOf("/", from);
  return to < 0 ? path.length : to;
}
