/** What a message carries behind its head: ready bytes, or a source that is read piece by piece. @module */

/**
 * A body that is still arriving. Reading is pull only, into a buffer of the reader's own: no byte is read ahead and no
 * buffer changes hands, so backpressure and ownership need no further rules.
 */
export interface BodySource {
  /** Bytes in the whole body when its sender said so, else `undefined` (chunked, or ended by closing). */
  readonly length: number | undefined;
  /**
   * Reads some decoded bytes (framing removed) into `into`.
   * @returns how many, at least 1; 0 at the end. A body that broke off rejects with {@link BodyError}: an end is never guessed.
   */
  read(into: Uint8Array): number | Promise<number>;
  /** Gives the body up: its origin is told at once and what still comes is discarded. After the end it does nothing. */
  cancel(): void;
  /** Trailer fields (RFC 9110 §6.5) as `[name, value, …]`, names in lower case: known once {@link read} has given 0. */
  readonly trailers?: readonly string[] | null;
}

/** A body: bytes that nobody will change any more, a source, or none at all. */
export type Body = Uint8Array | BodySource | null;

/** Whose fault it is that a body did not end well. */
export type BodyFault = "client" | "client-timeout" | "endpoint" | "endpoint-timeout" | "too-large";

/** A body that broke off, stalled, or grew beyond its limit. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  constructor(readonly fault: BodyFault, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Tells the two forms of a {@link Body} apart. */
export function isBodySource(body: Body): body is BodySource {
  return body !== null && !(body instanceof Uint8Array);
}
