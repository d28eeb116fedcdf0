/** The PROXY protocol in front of a connection: who the client is, told by the proxy that relays its bytes. @module */

import { closeQuietly } from "../../core/close_quietly.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import { parseProxyHeader, ProxyHeaderError } from "../../http/proxy_protocol.ts";
import { ReadBuffer } from "../../transport/read_buffer.ts";
import type { Sweep, Swept } from "../pace/sweep.ts";

/** Room for a header with the most that the parser takes. */
const FIRST_BYTES = 1024, MOST_BYTES = 8 * 1024;

/** What becomes of a connection. */
export interface PreambleEvents {
  /** The header was read. @param source the client's address; `null` where the proxy speaks for itself @param rest bytes behind it */
  told(source: string | null, rest: Uint8Array): void;
  /** There is no valid header, or it did not come in time. */
  failed(reason: string): void;
}

/** Reads the header. Nothing of it is repaired, and nothing goes on without it: whoever can leave it out could be anybody. */
export class ProxyPreamble implements Swept {
  readonly #stream: ByteStream;
  readonly #events: PreambleEvents;
  readonly #buffer = new ReadBuffer(FIRST_BYTES, MOST_BYTES);
  readonly #due: number;
  #over = false;

  /** @param timeout milliseconds for the header to come */
  constructor(stream: ByteStream, sweep: Sweep, timeout: number, events: PreambleEvents) {
    this.#stream = stream;
    this.#events = events;
    this.#due = sweep.after(timeout);
  }

  /** Begins to read. */
  start(): void {
    this.#stream.read(this.#buffer.space()).then(
      (count) => this.#received(count),
      () => this.#fail("connection reset"),
    );
  }

  look(tick: number): void {
    if (tick >= this.#due) this.#fail("no PROXY header in time");
  }

  #received(count: number | null): void {
    if (this.#over) return;
    if (count === null) return this.#fail("connection closed");
    const buffer = this.#buffer;
    buffer.end += count;
    const header = parseProxyHeader(buffer.bytes, buffer.start, buffer.end);
    if (header instanceof ProxyHeaderError) return this.#fail(header.message);
    if (header === "incomplete") return buffer.grow() ? this.start() : this.#fail("the PROXY header is too long");
    this.#over = true;
    buffer.start += header.length;
    this.#events.told(header.source?.hostname ?? null, buffer.bytes.slice(buffer.start, buffer.end));
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    // The listener may have closed it, and that be why the read failed.
    closeQuietly(this.#stream);
    this.#events.failed(reason);
  }
}
