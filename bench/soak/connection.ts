/** A client's connection, under full control and with nothing of the gateway's own code. @module */

import { Buffer } from "node:buffer";

/** The connection ended before what was waited for had come. */
export class Cut extends Error {
  override readonly name = "Cut";
}

/** An answer's head. */
export interface AnswerHead {
  readonly status: number;
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** Whether another answer may follow. */
  readonly keep: boolean;
}

const PIECE = 64 * 1024;

/** Sends what it is given and takes answers apart. Dispose of it to close: with bytes unread, that resets the connection. */
export class ClientConnection implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #piece = Buffer.alloc(PIECE);
  #ready = Buffer.alloc(0);
  #closed = false;
  /** Milliseconds between two reads of at most {@link readBytes}: a slow reader. */
  readPause = 0;
  readBytes = PIECE;

  private constructor(conn: Deno.TcpConn) {
    conn.setNoDelay(true);
    this.#conn = conn;
  }

  /** Connects to 127.0.0.1. */
  static async open(port: number): Promise<ClientConnection> {
    return new ClientConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends text, one character a byte, or bytes. @throws Cut */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
    try {
      for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
    } catch (cause) {
      throw new Cut("the connection ended under a request", { cause });
    }
  }

  /** Takes the next head, interim answers skipped. @throws Cut @throws Error where it is none */
  async head(): Promise<AnswerHead> {
    const lines = (await this.#until("\r\n\r\n")).slice(0, -4).split("\r\n"), status = Number(lines[0].slice(9, 12));
    if (!/^HTTP\/1\.1 [1-5][0-9][0-9] /.test(lines[0])) {
      throw new Error(`a head begins with ${JSON.stringify(lines[0])}`);
    }
    if (status < 200 && status !== 101) return await this.head();
    const fields = new Map(
      lines.slice(1).map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    return { status, fields, keep: !/\bclose\b/i.test(fields.get("connection") ?? "") };
  }

  /** Takes the body that belongs to a head. @throws Cut @throws Error where it is not framed as it should be */
  async body({ fields }: AnswerHead): Promise<Uint8Array> {
    const length = fields.get("content-length");
    if (fields.get("transfer-encoding") !== "chunked") {
      if (length === undefined) throw new Error("an answer without framing");
      return await this.take(Number(length));
    }
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.chunk(); chunk.length > 0; chunk = await this.chunk()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Takes a chunk; an empty one is the last, whose trailers are taken too. @throws Cut @throws Error where it is none */
  async chunk(): Promise<Uint8Array> {
    const size = await this.#until("\r\n");
    if (!/^[0-9a-f]{1,8}\r\n$/.test(size)) throw new Error(`a chunk begins with ${JSON.stringify(size)}`);
    const chunk = await this.take(parseInt(size, 16)), end = await this.#until("\r\n");
    if (chunk.length > 0 && end !== "\r\n") throw new Error(`a chunk ends with ${JSON.stringify(end)}`);
    for (let line = end; chunk.length === 0 && line !== "\r\n"; line = await this.#until("\r\n"));
    return chunk;
  }

  /** Takes exactly so many bytes. @throws Cut */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = Buffer.alloc(count);
    let at = 0;
    while (at < count) {
      if (this.#ready.length === 0) await this.#fill();
      const some = this.#ready.subarray(0, count - at);
      some.copy(bytes, at);
      this.#ready = this.#ready.subarray(some.length);
      at += some.length;
    }
    return bytes;
  }

  /** Waits for the other side to close. @throws Error where it sends something more */
  async ended(): Promise<void> {
    try {
      await this.#fill();
    } catch {
      return;
    }
    throw new Error(`bytes behind the end: ${JSON.stringify(this.#ready.toString("latin1", 0, 100))}`);
  }

  /** Closes. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }

  async #until(mark: string): Promise<string> {
    for (let from = 0;;) {
      const at = this.#ready.indexOf(mark, from, "latin1");
      if (at >= 0) return Buffer.from(await this.take(at + mark.length)).toString("latin1");
      from = Math.max(0, this.#ready.length - mark.length);
      await this.#fill();
    }
  }

  async #fill(): Promise<void> {
    if (this.readPause > 0) await new Promise((resolve) => setTimeout(resolve, this.readPause));
    let count: number | null;
    try {
      count = await this.#conn.read(this.#piece.subarray(0, this.readBytes));
    } catch (cause) {
      throw new Cut("the connection was reset", { cause });
    }
    if (count === null) throw new Cut("the connection was closed");
    this.#ready = Buffer.concat([this.#ready, this.#piece.subarray(0, count)]);
  }
}
