/** Origins that speak HTTP/2: one on `node:http2`, and one of bare frames for what a library would not send. @module */

import { createSecureServer, createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { until } from "../support/until.ts";

/** What to do with a request, when its head is there. */
export type H2Script = (request: H2Request) => void;

/** One stream of an origin. */
export class H2Request {
  readonly stream: ServerHttp2Stream;
  /** Pseudo fields included, in order, duplicates apart. */
  readonly fields: readonly string[];
  /** The body so far. */
  readonly received: Uint8Array[] = [];
  /** Whether the client has said that its body is over. */
  complete = false;
  closed = false;

  constructor(stream: ServerHttp2Stream, fields: readonly string[]) {
    this.stream = stream;
    this.fields = fields;
    stream.on("error", () => {});
    stream.on("data", (piece: Uint8Array) => this.received.push(piece));
    stream.on("end", () => this.complete ||= !stream.aborted && stream.rstCode === 0);
    stream.on("close", () => this.closed = true);
  }

  /** Every value of this field. */
  all(name: string): string[] {
    return this.fields.filter((_, i) => i % 2 === 1 && this.fields[i - 1] === name);
  }

  get body(): string {
    return this.received.map((piece) => new TextDecoder("latin1").decode(piece)).join("");
  }

  /** Answers when the body is over. */
  answer(status: number, fields: Record<string, string | number | string[]> = {}, body?: string | Uint8Array): void {
    const send = () => {
      // Whoever asked may have gone.
      if (this.stream.destroyed || this.stream.aborted) return;
      this.stream.respond({ ":status": status, ...fields }, { endStream: body === undefined });
      if (body !== undefined) this.stream.end(body);
    };
    if (this.complete) send();
    else this.stream.once("end", send);
  }
}

/** An origin with a real implementation of HTTP/2. */
export class H2Origin implements AsyncDisposable {
  readonly requests: H2Request[] = [];
  /** Connections so far. */
  sessions = 0;
  readonly #server: Http2Server;
  readonly #open = new Set<{ destroy(): void }>();
  readonly #secure: boolean;
  #port = 0;

  static async start(
    script: H2Script,
    tls?: { readonly cert: string; readonly key: string; readonly ca?: string },
  ): Promise<H2Origin> {
    const origin = new H2Origin(script, tls);
    await new Promise<void>((resolve) => origin.#server.listen(0, "127.0.0.1", resolve));
    const address = origin.#server.address();
    if (address !== null && typeof address !== "string") origin.#port = address.port;
    return origin;
  }

  private constructor(script: H2Script, tls?: { readonly cert: string; readonly key: string; readonly ca?: string }) {
    this.#secure = tls !== undefined;
    this.#server = tls === undefined ? createServer() : createSecureServer({
      ...tls,
      requestCert: tls.ca !== undefined,
      rejectUnauthorized: tls.ca !== undefined,
    });
    this.#server.on("session", (session) => {
      this.sessions++;
      this.#open.add(session);
      session.on("error", () => {});
      session.on("close", () => this.#open.delete(session));
    });
    this.#server.on("stream", (stream: ServerHttp2Stream, _headers: unknown, _flags: unknown, raw: string[]) => {
      const request = new H2Request(stream, raw);
      this.requests.push(request);
      script(request);
    });
    for (const event of ["sessionError", "tlsClientError"]) this.#server.on(event, () => {});
  }

  get port(): number {
    return this.#port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#open.size;
  }

  get url(): `http://${string}` | `https://${string}` {
    return this.#secure ? `https://localhost:${this.#port}` : `http://127.0.0.1:${this.#port}`;
  }

  /** The request at this place in order of arrival, when its head has come. */
  async request(index = 0): Promise<H2Request> {
    await until(() => this.requests.length > index, `request ${index}`);
    return this.requests[index];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of [...this.#open]) session.destroy();
    await closed;
  }
}

/** The wire of an origin that writes frames itself, without asking whether they make sense. */
export class FrameWire {
  constructor(readonly socket: Socket) {}

  /** One frame (RFC 9113 §4.1). */
  frame(type: number, flags: number, stream: number, payload: Iterable<number> = []): this {
    const bytes = Uint8Array.from(payload), frame = new Uint8Array(9 + bytes.length), view = new DataView(frame.buffer);
    view.setUint32(0, bytes.length << 8 | type);
    frame[4] = flags;
    view.setUint32(5, stream);
    frame.set(bytes, 9);
    this.socket.write(frame);
    return this;
  }

  /** HEADERS with END_HEADERS; fields are literals that no table gets to know (RFC 7541 §6.2.2). */
  head(stream: number, status: string, fields: readonly string[] = [], end = false): this {
    const block = [0x08, ...literal(status)];
    for (let i = 0; i < fields.length; i += 2) block.push(0x00, ...literal(fields[i]), ...literal(fields[i + 1]));
    return this.frame(1, end ? 5 : 4, stream, block);
  }

  data(stream: number, text: string, end = false): this {
    return this.frame(0, end ? 1 : 0, stream, latin1(text));
  }

  reset(stream: number, code: number): this {
    return this.frame(3, 0, stream, uint32(code));
  }

  goAway(lastStream: number, code: number): this {
    return this.frame(7, 0, 0, [...uint32(lastStream), ...uint32(code)]);
  }
}

function literal(text: string): number[] {
  if (text.length > 126) throw new RangeError("a literal of one length byte has up to 126 bytes");
  return [text.length, ...latin1(text)];
}

function latin1(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function uint32(value: number): number[] {
  return [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
}

/** An origin of frames: it reads requests as far as to know where they end, and answers what a test says. */
export class FrameOrigin implements AsyncDisposable {
  /** Heads of requests so far. */
  requests = 0;
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  /** Connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** @param script called at the end of each request */
  static async start(script: (wire: FrameWire, stream: number) => void): Promise<FrameOrigin> {
    const origin = new FrameOrigin(script);
    await new Promise<void>((resolve) => origin.#server.listen(0, "127.0.0.1", resolve));
    const address = origin.#server.address();
    if (address !== null && typeof address !== "string") origin.#port = address.port;
    return origin;
  }

  private constructor(script: (wire: FrameWire, stream: number) => void) {
    this.#server = createTcpServer((socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      this.#serve(socket, script);
    });
  }

  get port(): number {
    return this.#port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket, script: (wire: FrameWire, stream: number) => void): void {
    const wire = new FrameWire(socket).frame(4, 0, 0);
    let bytes = new Uint8Array(0), preface = 24;
    socket.on("data", (piece: Uint8Array) => {
      const all = new Uint8Array(bytes.length + piece.length);
      all.set(bytes);
      all.set(piece, bytes.length);
      bytes = all;
      if (preface > 0 && bytes.length >= preface) {
        bytes = bytes.subarray(preface);
        preface = 0;
      }
      while (preface === 0 && bytes.length >= 9) {
        const view = new DataView(bytes.buffer, bytes.byteOffset), length = view.getUint32(0) >>> 8;
        if (bytes.length < 9 + length) return;
        const type = bytes[3], flags = bytes[4], stream = view.getUint32(5);
        bytes = bytes.subarray(9 + length);
        if (type === 4 && (flags & 1) === 0) wire.frame(4, 1, 0);
        if (type === 1) this.requests++;
        if (type <= 1 && (flags & 1) === 1) script(wire, stream);
      }
    });
  }
}
