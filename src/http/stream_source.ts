/** A web stream as a body of the gateway. @module */

import { BodyError, type BodyFault, type BodySource } from "../core/body.ts";
import { SourceStream } from "./source_stream.ts";

/** What is known of a stream besides its bytes. */
export interface StreamFacts {
  /** Whose fault it is when the stream fails. An error that is a {@link BodyError} already keeps its own. */
  readonly fault: BodyFault;
  /** Bytes in the whole, where the sender said so. A stream that gives more or fewer fails. */
  readonly length?: number;
  /** Bytes that it may have; more are `"too-large"`. @default any number */
  readonly most?: number;
}

/** What a reader's `read` promises. */
export type StreamRead = Promise<ReadableStreamReadResult<unknown>>;

/**
 * The source of a stream's bytes. A {@link SourceStream} that nobody has read gives its own source back.
 *
 * @throws TypeError when the stream is locked: somebody else is reading it.
 */
export function sourceOfStream(stream: ReadableStream<Uint8Array>, facts: StreamFacts): BodySource {
  return (stream instanceof SourceStream ? stream.take() : null) ?? new StreamSource(stream.getReader(), facts);
}

/** Reads a stream piece by piece; what does not fit into the reader's buffer is kept for its next read. */
export class StreamSource implements BodySource {
  readonly length: number | undefined;
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  readonly #fault: BodyFault;
  readonly #most: number;
  /** Reads that were begun before this source was made, oldest first. */
  readonly #begun: StreamRead[];
  #rest: Uint8Array | null = null;
  #count = 0;
  #ended = false;
  #failure: BodyError | null = null;

  /** @param begun reads of this reader that nobody has looked at yet, oldest first */
  constructor(reader: ReadableStreamDefaultReader<unknown>, facts: StreamFacts, begun: StreamRead[] = []) {
    this.#reader = reader;
    this.#fault = facts.fault;
    this.length = facts.length;
    this.#most = facts.most ?? Infinity;
    this.#begun = begun;
  }

  /** Why it ended before its end, or `null`. */
  get failure(): BodyError | null {
    return this.#failure;
  }

  /** Bytes that came from the stream so far. */
  get received(): number {
    return this.#count;
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#rest !== null) return this.#give(this.#rest, into);
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return this.#ended ? 0 : this.#next(into);
  }

  cancel(): void {
    if (this.#ended || this.#failure !== null) return;
    this.#rest = null;
    this.#fail(new BodyError(this.#fault, "the body was given up"));
  }

  async #next(into: Uint8Array): Promise<number> {
    for (;;) {
      let result: ReadableStreamReadResult<unknown>;
      try {
        result = await (this.#begun.shift() ?? this.#reader.read());
      } catch (cause) {
        throw this.#failure ??= cause instanceof BodyError
          ? cause
          : new BodyError(this.#fault, "the stream of the body failed", { cause });
      }
      if (this.#failure !== null) throw this.#failure;
      if (result.done) return this.#end();
      const chunk = result.value;
      if (!(chunk instanceof Uint8Array)) {
        throw this.#fail(
          new BodyError(this.#fault, `a body stream must give Uint8Array, not ${typeof chunk}: use TextEncoderStream`),
        );
      }
      if (chunk.length === 0) continue;
      this.#count += chunk.length;
      if (this.length !== undefined && this.#count > this.length) {
        throw this.#fail(new BodyError(this.#fault, `the body is longer than its content-length, ${this.length}`));
      }
      if (this.#count > this.#most) {
        throw this.#fail(new BodyError("too-large", `the body has more than ${this.#most} bytes`));
      }
      return this.#give(chunk, into);
    }
  }

  #give(chunk: Uint8Array, into: Uint8Array): number {
    if (chunk.length <= into.length) {
      into.set(chunk);
      this.#rest = null;
      return chunk.length;
    }
    into.set(chunk.subarray(0, into.length));
    this.#rest = chunk.subarray(into.length);
    return into.length;
  }

  #end(): number {
    if (this.length !== undefined && this.#count < this.length) {
      throw this.#fail(
        new BodyError(this.#fault, `the body ended after ${this.#count} of ${this.length} bytes`),
      );
    }
    this.#ended = true;
    return 0;
  }

  #fail(failure: BodyError): BodyError {
    this.#failure = failure;
    // The stream may have failed by itself meanwhile, and then says so here too: there is nobody left to tell.
    this.#reader.cancel(failure).catch(() => {});
    for (const read of this.#begun) read.catch(() => {});
    return failure;
  }
}
