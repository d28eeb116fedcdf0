/** An HTTP/1.1 origin that does exactly what a test tells it to, and keeps the exact bytes that it was sent. @module */

import { createServer as createTcpServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type MessageBody, readBody, requestFraming, RequestHead } from "./http_message.ts";
import { type Bytes, toText } from "./latin1.ts";
import { turn } from "./turn.ts";
import { GUARD_MS, Wire, WireError } from "./wire.ts";

/** What to do with a request whose head is there; the body is read by the script or else after it. */
export type RequestScript = (request: OriginRequest) => void | Promise<void>;

/** What to do with a connection from its first byte; no request is read unless the script reads it. */
export type ConnectionScript = (connection: OriginConnection) => void | Promise<void>;

/**
 * A function for each request; or the bytes of each answer, the last one repeated; or a function for each connection.
 */
export type OriginScript = RequestScript | Bytes | readonly Bytes[] | { readonly connection: ConnectionScript };

/** Where and how to listen. */
export interface ScriptedOriginOptions {
  /** A port that was free. @default 0 (any) */
  port?: number;
  /** Listen on a Unix socket instead. */
  path?: string;
  /** Speak TLS with this certificate; `ca` asks for client certificates. */
  tls?: { cert: string; key: string; ca?: string; alpn?: string[] };
  /** How long each wait may last, in milliseconds. @default 10000 */
  guardMs?: number;
}

/** One request, and the wire to answer it on. */
export class OriginRequest {
  readonly connection: OriginConnection;
  readonly head: RequestHead;
  /** Its place among the requests of this connection, from 0. */
  readonly index: number;
  #body: Promise<MessageBody> | null = null;

  constructor(connection: OriginConnection, head: RequestHead, index: number) {
    this.connection = connection;
    this.head = head;
    this.index = index;
  }

  get method(): string {
    return this.head.method;
  }

  get target(): string {
    return this.head.target;
  }

  /** A field's values joined with `", "`, or `null`. */
  header(name: string): string | null {
    return this.head.header(name);
  }

  /** Reads the body to its end, once; later calls give the same. */
  body(): Promise<MessageBody> {
    this.#body ??= readBody(this.connection, requestFraming(this.head));
    return this.#body;
  }

  /** The body as UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder().decode((await this.body()).bytes);
  }

  /** Sends bytes in one write. */
  send(...parts: Bytes[]): Promise<void> {
    return this.connection.send(...parts);
  }

  /** Sends each part in a write of its own. */
  sendPieces(parts: Iterable<Bytes>): Promise<void> {
    return this.connection.sendPieces(parts);
  }

  /** Never answers: waits until the other side is gone. */
  async hang(): Promise<void> {
    await this.connection.gone();
  }
}

/** One accepted connection. */
export class OriginConnection extends Wire {
  /** Its place among the connections of the origin, from 0. */
  readonly index: number;
  readonly requests: OriginRequest[] = [];

  constructor(socket: Socket, index: number, guardMs: number) {
    super(socket, guardMs);
    this.index = index;
  }

  /** Takes the next request's head, or `null` when the other side ended the connection between two requests. */
  async nextRequest(): Promise<OriginRequest | null> {
    if (!await this.more()) return null;
    const head = new RequestHead(await this.takeUntil("\r\n\r\n"));
    const request = new OriginRequest(this, head, this.requests.length);
    this.requests.push(request);
    return request;
  }
}

/** The origin. Dispose of it to close everything; a failure inside a script then fails the test. */
export class ScriptedOrigin implements AsyncDisposable {
  readonly connections: OriginConnection[] = [];
  /** Every request in order of arrival. */
  readonly requests: OriginRequest[] = [];
  readonly #script: OriginScript;
  readonly #guardMs: number;
  readonly #secure: boolean;
  readonly #server: ReturnType<typeof createTcpServer>;
  readonly #running = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  readonly #arrivals = new Set<() => void>();
  readonly #stopped = Promise.withResolvers<void>();
  #port = 0;

  /** Starts one on loopback. */
  static async start(script: OriginScript, options: ScriptedOriginOptions = {}): Promise<ScriptedOrigin> {
    const origin = new ScriptedOrigin(script, options);
    await origin.#listen(options);
    return origin;
  }

  private constructor(script: OriginScript, { tls, guardMs = GUARD_MS }: ScriptedOriginOptions) {
    this.#script = script;
    this.#guardMs = guardMs;
    this.#secure = tls !== undefined;
    const accept = (socket: Socket) => this.#accept(socket);
    this.#server = tls === undefined ? createTcpServer({ allowHalfOpen: true }, accept) : createTlsServer({
      cert: tls.cert,
      key: tls.key,
      ca: tls.ca,
      requestCert: tls.ca !== undefined,
      ALPNProtocols: tls.alpn,
      allowHalfOpen: true,
    }, accept);
  }

  get port(): number {
    return this.#port;
  }

  /** `http://127.0.0.1:<port>`, or `https://localhost:<port>` with TLS. */
  get url(): string {
    return this.#secure ? `https://localhost:${this.#port}` : `http://127.0.0.1:${this.#port}`;
  }

  /** The request at this place in order of arrival, from 0, when its head has come. */
  request(index = 0): Promise<OriginRequest> {
    return this.#arrival(`request ${index}`, () => this.requests[index]);
  }

  /** The connection at this place in order of arrival, from 0. */
  connection(index = 0): Promise<OriginConnection> {
    return this.#arrival(`connection ${index}`, () => this.connections[index]);
  }

  /** Stops listening and keeps the connections, as a restarting origin does. */
  stopListening(): Promise<void> {
    // The callback waits for open connections too, so only the listening socket itself is waited for.
    if (this.#server.listening) this.#server.close();
    return turn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.resolve();
    const closed = new Promise<void>((resolve) =>
      this.#server.listening ? this.#server.close(() => resolve()) : resolve()
    );
    await Promise.all(this.connections.map((connection) => connection.close()));
    await Promise.all(this.#running);
    await closed;
    if (this.#failures.length === 1) throw this.#failures[0];
    if (this.#failures.length > 1) throw new AggregateError(this.#failures, "the origin's script failed");
  }

  #listen(options: ScriptedOriginOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      const ready = () => {
        const address = this.#server.address();
        if (address !== null && typeof address !== "string") this.#port = address.port;
        resolve();
      };
      if (options.path !== undefined) this.#server.listen(options.path, ready);
      else this.#server.listen(options.port ?? 0, "127.0.0.1", ready);
    });
  }

  #accept(socket: Socket): void {
    const connection = new OriginConnection(socket, this.connections.length, this.#guardMs);
    this.connections.push(connection);
    const running = this.#run(connection).catch((error) => {
      // A peer that goes away in the middle is the subject of many tests, not a failure of the script.
      if (!(error instanceof WireError && error.ending !== null)) this.#failures.push(error);
    }).finally(() => connection.close());
    this.#running.add(running);
    running.finally(() => this.#running.delete(running));
    this.#announce();
  }

  async #run(connection: OriginConnection): Promise<void> {
    const script = this.#script;
    if (typeof script === "object" && "connection" in script) {
      return await Promise.race([script.connection(connection), this.#stopped.promise]);
    }
    const answers = typeof script === "string" || script instanceof Uint8Array ? [script] : script;
    for (let request = await this.#next(connection); request !== null; request = await this.#next(connection)) {
      if (typeof answers === "function") {
        await Promise.race([answers(request), this.#stopped.promise]);
      } else {
        await request.body();
        await request.send(answers[Math.min(this.requests.indexOf(request), answers.length - 1)]);
      }
      if (connection.ending !== null) return;
      await request.body();
    }
  }

  async #next(connection: OriginConnection): Promise<OriginRequest | null> {
    const request = await connection.nextRequest();
    if (request !== null) {
      this.requests.push(request);
      this.#announce();
    }
    return request;
  }

  #announce(): void {
    for (const look of [...this.#arrivals]) look();
  }

  #arrival<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(guard);
        this.#arrivals.delete(attempt);
      };
      const attempt = () => {
        const found = look();
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const guard = setTimeout(() => {
        finish();
        const seen = this.requests.map((request) => request.head.startLine).join(", ") || "none";
        reject(new Error(`waited ${this.#guardMs} ms in vain for ${what} at the origin; requests so far: ${seen}`));
      }, this.#guardMs);
      this.#arrivals.add(attempt);
      attempt();
    });
  }
}

/** A whole response with Content-Length: `answer(200, "hello", "x-color: blue")`. */
export function answer(status: number, body = "", ...fields: string[]): string {
  const bytes = new TextEncoder().encode(body);
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Test"}`,
    ...fields,
    `content-length: ${bytes.length}`,
    "",
    "",
  ];
  return lines.join("\r\n") + toText(bytes);
}

const REASONS: Readonly<Record<number, string>> = { 200: "OK", 404: "Not Found", 500: "Internal Server Error" };
