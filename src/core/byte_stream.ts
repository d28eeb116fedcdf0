/** A connection as bytes both ways. @module */

/** Bytes to and from a peer; a `Deno.Conn` is one. One read and one write may be pending at a time. */
export interface ByteStream {
  /** Reads what there is, at least one byte; `null` when the peer sends no more. `into` is the stream's until this settles. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some bytes and says how many. `bytes` are the stream's until this settles. */
  write(bytes: Uint8Array): Promise<number>;
  /** Tells the peer that nothing more will be sent; reading goes on. */
  closeWrite(): Promise<void>;
  /** Closes both ways at once; what is pending fails. */
  close(): void;
}
