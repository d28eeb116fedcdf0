/** A line in which some wait: first come, first served, and anybody may leave. @module */

/** Somebody's place in a line. */
export interface InLine {
  /** The line's own; nobody else touches them. */
  ahead: InLine | null;
  behind: InLine | null;
}

/** A linked list through those who wait: joining, leaving and serving take the same short time in a line of any length. */
export class WaitingLine<T extends InLine> {
  #first: T | null = null;
  #last: T | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Joins at the end. */
  join(one: T): void {
    one.ahead = this.#last;
    if (this.#last === null) this.#first = one;
    else this.#last.behind = one;
    this.#last = one;
    this.#size++;
  }

  /** Leaves. Whoever calls it is in this line. */
  leave(one: T): void {
    if (one.ahead === null) this.#first = one.behind as T | null;
    else one.ahead.behind = one.behind;
    if (one.behind === null) this.#last = one.ahead as T | null;
    else one.behind.ahead = one.ahead;
    one.ahead = one.behind = null;
    this.#size--;
  }

  /** Takes the first out of the line, or `null` when nobody waits. */
  shift(): T | null {
    const first = this.#first;
    if (first !== null) this.leave(first);
    return first;
  }
}
