/** How much a peer may send before somebody has taken it. @module */

/** A flow-control window of ours (RFC 9113 §5.2): of a stream, or of the connection. */
export class ReceiveWindow {
  /** Bytes that the peer may still send. */
  left: number;
  /** Bytes that were taken, and the peer has not been told. */
  #taken = 0;
  readonly #size: number;

  constructor(size: number) {
    this.#size = this.left = size;
  }

  /** So many bytes came. @returns whether the peer was allowed to send them */
  received(count: number): boolean {
    this.left -= count;
    return this.left >= 0;
  }

  /**
   * So many bytes were taken. The peer is told of half a window at once: more often costs frames, less often makes it wait.
   * @returns what to announce, 0 for nothing yet
   */
  taken(count: number): number {
    this.#taken += count;
    if (this.#taken * 2 < this.#size) return 0;
    const more = this.#taken;
    this.#taken = 0;
    this.left += more;
    return more;
  }
}
