/** A request's body that can be sent more than once. @module */

import { BodyError, type BodySource } from "../../core/body.ts";

/** What room is made for at first, where the length is not known. */
const FIRST_ROOM = 4 * 1024;

const NOTHING = new Uint8Array(0);

/**
 * Keeps what is read of a source, up to a cap, so that it can be read again from the start. Nothing is read ahead: each
 * byte goes on as it comes. A body that outgrows the cap goes on too, but not twice.
 */
export class ReplayableBody {
  readonly #source: BodySource;
  readonly #cap: number;
  #kept: Uint8Array = NOTHING;
  /** Bytes in it. */
  #length = 0;
  /** Whether the source has given 0. */
  #ended = false;
  /** Whether what was read is not kept, or not any more. */
  #lost = false;
  /** Why nothing more can be read. */
  #failure: unknown = null;
  #reading: Promise<void> | null = null;
  #view: View | null = null;
  /** Whether the view in use was given up. */
  #dropped = false;
  /** From now on who gives the view up gives the body up. */
  #committed = false;
  #cancelled = false;
  #whole: ((bytes: Uint8Array | null) => void)[] = [];

  /** @param cap bytes; 0: it can be sent again only as long as nobody has read of it */
  constructor(source: BodySource, cap: number) {
    this.#source = source;
    this.#cap = source.length !== undefined && source.length > cap ? 0 : cap;
  }

  /** Bytes that have been read and are kept. */
  get kept(): number {
    return this.#length;
  }

  /** Whether {@link view} gives all of it. */
  get replayable(): boolean {
    return !this.#lost && !this.#committed && this.#length <= this.#cap;
  }

  /**
   * The body from its start. A view from before can be read no further. The view of a body that broke off fails as the body
   * did: it may have done so after {@link replayable} was asked.
   */
  view(): BodySource {
    if (this.#lost && this.#failure === null) throw new TypeError("a part of the body was not kept");
    this.#dropped = false;
    return this.#view = new View(this, this.#source);
  }

  /** Nobody will ask for another view: from now on the view in use decides about the source. */
  commit(): void {
    this.#committed = true;
    if (this.#dropped) this.cancel();
    else this.#release();
  }

  /** Gives the body up, whoever reads it. */
  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = this.#committed = true;
    this.#fail(givenUp());
    this.#source.cancel();
  }

  /** Told once: the whole body when it has been read and kept, or `null` when that will not be. */
  onWhole(told: (bytes: Uint8Array | null) => void): void {
    if (this.#lost) told(null);
    else if (this.#ended) told(this.#kept.subarray(0, this.#length));
    else this.#whole.push(told);
  }

  /** For views. @returns how many bytes of what comes next for this view were put into `into`; 0 at the end */
  read(view: View, into: Uint8Array): number | Promise<number> {
    // An end is never guessed: what is sent of a body that somebody else sends now must not look like all of it.
    if (view !== this.#view) return Promise.reject(givenUp());
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (view.at < this.#length) return this.#replay(view, into);
    if (this.#ended) return 0;
    if (this.#reading !== null) return this.#after(this.#reading, view, into);
    if (!this.#keeps()) return this.#source.read(into);
    const room = this.#kept.subarray(this.#length, Math.min(this.#kept.length, this.#length + into.length));
    const count = this.#source.read(room);
    if (typeof count !== "number") return this.#after(this.#reading = this.#arriving(count), view, into);
    this.#keep(count);
    return this.read(view, into);
  }

  /** For views. */
  cancelled(view: View): void {
    if (view !== this.#view) return;
    this.#dropped = true;
    if (this.#committed) this.cancel();
  }

  #replay(view: View, into: Uint8Array): number {
    const count = Math.min(into.length, this.#length - view.at);
    into.set(this.#kept.subarray(view.at, view.at + count));
    view.at += count;
    this.#release();
    return count;
  }

  async #after(reading: Promise<void>, view: View, into: Uint8Array): Promise<number> {
    await reading;
    return this.read(view, into);
  }

  async #arriving(reading: Promise<number>): Promise<void> {
    try {
      const count = await reading;
      this.#reading = null;
      this.#keep(count);
    } catch (error) {
      this.#reading = null;
      this.#fail(error);
      throw this.#failure;
    }
  }

  #keep(count: number): void {
    this.#length += count;
    if (count > 0) return;
    this.#ended = true;
    this.#tell(this.#kept.subarray(0, this.#length));
    this.#release();
  }

  /** Makes room for what comes next. @returns false when it is not kept */
  #keeps(): boolean {
    if (this.#lost) return false;
    if (this.#length < this.#kept.length) return true;
    const { length } = this.#source, most = this.#cap === 0 ? 0 : this.#cap + 1;
    // One byte more than a body has tells it from a longer one.
    const size = Math.min(most, Math.max(length === undefined ? FIRST_ROOM : length + 1, this.#kept.length * 2));
    if (size <= this.#length) {
      this.#lose();
      return false;
    }
    const kept = new Uint8Array(size);
    kept.set(this.#kept);
    this.#kept = kept;
    return true;
  }

  /** Drops what nobody will ask for: the view in use has had it, and there will be no other. */
  #release(): void {
    if (!this.#committed || this.#reading !== null || this.#whole.length > 0) return;
    if (this.#view === null || this.#view.at >= this.#length) this.#lose();
  }

  #fail(failure: unknown): void {
    this.#failure ??= failure;
    this.#lose();
  }

  #lose(): void {
    this.#lost = true;
    this.#kept = NOTHING;
    this.#length = 0;
    this.#tell(null);
  }

  #tell(bytes: Uint8Array | null): void {
    for (const told of this.#whole.splice(0)) told(bytes);
  }
}

/** One reading of the body, from its start. */
class View implements BodySource {
  /** Bytes that were read of what is kept. */
  at = 0;
  readonly #body: ReplayableBody;
  readonly #source: BodySource;

  constructor(body: ReplayableBody, source: BodySource) {
    this.#body = body;
    this.#source = source;
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get trailers(): readonly string[] | null {
    return this.#source.trailers ?? null;
  }

  read(into: Uint8Array): number | Promise<number> {
    return this.#body.read(this, into);
  }

  cancel(): void {
    this.#body.cancelled(this);
  }
}

function givenUp(): BodyError {
  return new BodyError("client", "the body was given up");
}
