/** What the tests of TLS towards clients share: a listener that only shakes hands, a client that tells what it got, certificates. @module */

import { connect, type ConnectionOptions } from "node:tls";
import { BufferPool } from "../../../src/transport/buffer_pool.ts";
import type { ByteStream } from "../../../src/core/byte_stream.ts";
import { HandshakeError } from "../../../src/runtime/tls/handshake_error.ts";
import { type Secured, TlsHandshakes } from "../../../src/runtime/tls/tls_handshakes.ts";
import type { TlsMaterial } from "../../../src/config/certificates/tls_material.ts";
import { VerifiedClients } from "../../../src/runtime/tls/verified_clients.ts";
import { type Certificate, serverCertificate } from "../../support/certificates.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { GUARD_MS, Wire } from "../../support/wire.ts";

/**
 * A pair of this folder, self-signed: `other` (other.test, *.other.test), `renewed` and `expired` (localhost),
 * `stranger` (a client); `rsa1024` and `secp256k1` have keys that no runtime takes any more, or yet.
 */
export function pair(name: "other" | "renewed" | "expired" | "stranger" | "rsa1024" | "secp256k1"): Certificate {
  return { cert: pem(`${name}.pem`), key: pem(`${name}.key`) };
}

/** A PEM file of this folder. */
export function pem(file: string): string {
  return Deno.readTextFileSync(`${import.meta.dirname}/certificates/${file}`);
}

/** Material with the usual server certificate. */
export function material(settings: Partial<TlsMaterial> = {}): TlsMaterial {
  return { ...serverCertificate, certificates: [], clientCertificates: null, http2: true, ...settings };
}

/** Handshakes by a hand-turned clock. */
export function handshakesBy(settings: TlsMaterial, clock: FakeClock = new FakeClock()): TlsHandshakes {
  const ca = settings.clientCertificates?.ca, verified = ca === undefined ? null : new VerifiedClients(ca, clock);
  return new TlsHandshakes(settings, { clock, buffers: new BufferPool(65536, 4), verified, longest: 3000 });
}

/** Where a test departs from the usual. */
interface HarnessOptions {
  /** What stands between the accepted connection and TLS, such as a reader of the PROXY protocol. */
  readonly before?: (conn: Deno.TcpConn) => Promise<{ stream: ByteStream; first: Uint8Array | null }>;
}

/** A listener that hands each connection to TLS and keeps what came of it. */
export class TlsHarness implements AsyncDisposable {
  /** What new connections are secured by: set another one to reload. */
  securing: Pick<TlsHandshakes, "secure">;
  /** Connections in the order in which they were accepted. */
  readonly accepted: Deno.TcpConn[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #outcomes: Promise<Secured | HandshakeError>[] = [];
  readonly #waiting: ((outcome: Promise<Secured | HandshakeError>) => void)[] = [];
  readonly #done: Promise<void>;

  constructor(securing: Pick<TlsHandshakes, "secure"> = handshakesBy(material()), options: HarnessOptions = {}) {
    this.securing = securing;
    this.#done = this.#accept(options);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** What came of the next connection, in the order in which they were accepted. */
  outcome(): Promise<Secured | HandshakeError> {
    const outcome = this.#outcomes.shift();
    return guarded(outcome ?? new Promise((resolve) => this.#waiting.push(resolve)), "an outcome");
  }

  /** The next connection, secured. */
  async secured(): Promise<Secured> {
    const outcome = await this.outcome();
    if (outcome instanceof HandshakeError) throw outcome;
    return outcome;
  }

  /** Why the next connection failed. */
  async failed(): Promise<HandshakeError> {
    const outcome = await this.outcome();
    if (outcome instanceof HandshakeError) return outcome;
    outcome.stream.close();
    throw new Error("the handshake succeeded");
  }

  /** A client past its handshake, and this side of it. */
  async pair(options: ConnectionOptions = {}): Promise<{ client: TlsClient; server: Secured }> {
    const [client, server] = await Promise.all([TlsClient.connect(this.port, options), this.secured()]);
    return { client, server };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#done;
    for (const conn of this.accepted) {
      try {
        conn.close();
      } catch { /* it was closed already */ }
    }
    await Promise.all(this.#outcomes);
  }

  async #accept({ before }: HarnessOptions): Promise<void> {
    for await (const conn of this.#listener) {
      conn.setNoDelay(true);
      this.accepted.push(conn);
      const outcome = (async () => {
        const { stream, first } = await before?.(conn) ?? { stream: conn, first: null };
        return await this.securing.secure(stream, first);
      })().catch((error) => {
        if (error instanceof HandshakeError) return error;
        throw error;
      });
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#outcomes.push(outcome);
      else waiting(outcome);
    }
  }
}

/** A client past its handshake; it believes whatever certificate it sees, and tells which one that was. */
export class TlsClient extends Wire {
  /** Connects, asking for `localhost` unless told otherwise; an empty name asks for none. */
  static async connect(port: number, options: ConnectionOptions = {}): Promise<TlsClient> {
    const settings = {
      host: "127.0.0.1",
      port,
      servername: "localhost",
      rejectUnauthorized: false,
      allowHalfOpen: true,
    };
    const socket = connect({ ...settings, ...options });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
    await guarded(promise, "a handshake");
    socket.off("error", reject);
    const subject = socket.getPeerCertificate().subject as { CN?: string };
    return new TlsClient(socket, {
      name: subject.CN ?? "",
      protocol: socket.alpnProtocol,
      version: socket.getProtocol(),
    });
  }

  private constructor(
    socket: ReturnType<typeof connect>,
    /** The common name of the server's certificate, the protocol by ALPN, and the version of TLS. */
    readonly told: { name: string; protocol: string | false | null; version: string | null },
  ) {
    super(socket);
  }
}

/** Reads exactly `count` bytes. @throws when the stream ends before */
export async function readBytes(stream: Pick<ByteStream, "read">, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const read = await guarded(stream.read(bytes.subarray(at)), `${count} bytes`);
    if (read === null) throw new Error(`the stream ended after ${at} of ${count} bytes`);
    at += read;
  }
  return bytes;
}

/** Reads exactly as much as `text` is long, as text. */
export async function readText(stream: ByteStream, count: number): Promise<string> {
  return new TextDecoder().decode(await readBytes(stream, count));
}

/** Writes all of it. */
export async function writeText(stream: ByteStream, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
}

/** Bytes that show a shift, a loss or a repetition anywhere. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** The promise, or a failure instead of a hang. */
export async function guarded<T>(promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const guard = setTimeout(() => reject(new Error(`waited ${GUARD_MS} ms in vain for ${what}`)), GUARD_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(guard);
  }
}
