/** A client that sends exactly the bytes that a test gives it. @module */

import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type MessageBody, readBody, responseFraming, ResponseHead } from "./http_message.ts";
import { Wire } from "./wire.ts";

/** Where and how to connect. */
export interface RawClientOptions {
  /** @default "127.0.0.1" */
  hostname?: string;
  /** Speak TLS: the authority to trust, the name to ask for, the protocols to offer. */
  tls?: { ca?: string; servername?: string; alpn?: string[]; cert?: string; key?: string };
  /** How long each wait may last, in milliseconds. @default 10000 */
  guardMs?: number;
}

/** A response as it came, its interim responses before it. */
export interface RawResponse {
  readonly head: ResponseHead;
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The body as UTF-8. */
  readonly text: string;
  /** Each chunk's length, for a chunked body. */
  readonly chunks: readonly number[];
  readonly trailers: MessageBody["trailers"];
  /** The 1xx heads that came first (RFC 9110 §15.2). */
  readonly interim: readonly ResponseHead[];
  /** A field's values joined with `", "`, or `null`. */
  header(name: string): string | null;
}

/** A raw HTTP/1.1 client. Everything of {@link Wire} is there too: exact bytes, pieces, half close, reset. */
export class RawClient extends Wire {
  /** Connects to a port on loopback. */
  static connect(port: number, options: RawClientOptions = {}): Promise<RawClient> {
    const address = { host: options.hostname ?? "127.0.0.1", port, allowHalfOpen: true };
    const { tls } = options;
    return open(
      tls === undefined ? connectTcp(address) : connectTls({
        ...address,
        ca: tls.ca,
        cert: tls.cert,
        key: tls.key,
        servername: tls.servername ?? "localhost",
        ALPNProtocols: tls.alpn,
      }),
      tls === undefined ? "connect" : "secureConnect",
      options,
    );
  }

  /** Connects to a Unix socket. */
  static connectUnix(path: string, options: Pick<RawClientOptions, "guardMs"> = {}): Promise<RawClient> {
    return open(connectTcp({ path, allowHalfOpen: true }), "connect", options);
  }

  /** Sends a request as given and takes its response. */
  async exchange(request: string): Promise<RawResponse> {
    await this.send(request);
    return await this.response(request.slice(0, request.indexOf(" ")));
  }

  /** Takes the next head, interim or final. */
  async responseHead(): Promise<ResponseHead> {
    const text = await this.takeUntil("\r\n\r\n");
    try {
      return new ResponseHead(text);
    } catch (error) {
      throw this.failure(`a malformed response head (${(error as Error).message})`);
    }
  }

  /**
   * Takes the next response with its whole body.
   *
   * @param method what was asked: the response to HEAD has no body
   * @throws WireError when it is malformed, cut short or not there
   */
  async response(method = "GET"): Promise<RawResponse> {
    const interim: ResponseHead[] = [];
    let head = await this.responseHead();
    while (head.status < 200 && head.status !== 101) {
      interim.push(head);
      head = await this.responseHead();
    }
    const body = await this.body(head, method);
    return {
      head,
      status: head.status,
      body: body.bytes,
      text: new TextDecoder().decode(body.bytes),
      chunks: body.chunks,
      trailers: body.trailers,
      interim,
      header: (name) => head.header(name),
    };
  }

  /** Takes the body that belongs to a head. */
  async body(head: ResponseHead, method = "GET"): Promise<MessageBody> {
    try {
      return await readBody(this, responseFraming(head, method));
    } catch (error) {
      if (error instanceof SyntaxError) throw this.failure(`a malformed response (${error.message})`);
      throw error;
    }
  }
}

async function open(socket: Socket, event: string, options: Pick<RawClientOptions, "guardMs">): Promise<RawClient> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, resolve);
  socket.once("error", reject);
  await promise;
  socket.off("error", reject);
  return new RawClient(socket, options.guardMs);
}
