/** From accepted connections to secure ones. @module */

import { closeQuietly } from "../../core/close_quietly.ts";
import { AsyncLocalStorage } from "node:async_hooks";
import * as tls from "node:tls";
import { certificateName } from "../../config/certificates/certificate_faults.ts";
import type { TlsMaterial } from "../../config/certificates/tls_material.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { ClientCertificate } from "../../core/client_certificate.ts";
import type { Clock } from "../../core/clock.ts";
import type { BufferPool } from "../../transport/buffer_pool.ts";
import { clientCertificate } from "./client_certificate.ts";
import { HandshakeError, type HandshakeFault } from "./handshake_error.ts";
import { isPlainHttp, refusePlainHttp } from "./plain_http.ts";
import { ServerNames } from "./server_names.ts";
import { TlsByteStream } from "./tls_byte_stream.ts";
import type { VerifiedClients } from "./verified_clients.ts";
import { Wire } from "./wire.ts";

/** A client's first flight is about as long. */
const FIRST_BYTES = 2048;

/** A connection past its handshake. */
export interface Secured {
  readonly stream: ByteStream;
  /** By ALPN (RFC 7301); HTTP/1.1 for a client that offers nothing. */
  readonly protocol: "h2" | "http/1.1";
  /** The name that the client asked for, in lower case; empty: none. */
  readonly serverName: string;
  readonly clientCertificate: ClientCertificate | null;
}

/** What handshakes need of the listener. */
export interface TlsHandshakesOptions {
  readonly clock: Clock;
  /** For connections that send much. */
  readonly buffers: BufferPool;
  /** With client certificates: what was verified, under the same authorities. */
  readonly verified: VerifiedClients | null;
  /** Milliseconds after which the runtime lets go of a handshake that has failed or was given up. */
  readonly longest: number;
}

/** One handshake, as `node:tls` tells of it. */
interface Handshake {
  secured(socket: tls.TLSSocket): void;
  failed(error: Error): void;
}

/**
 * Shakes hands by one set of certificates: TLS 1.2 and 1.3. A reload makes another of these, and connections keep what
 * they began with.
 */
export class TlsHandshakes {
  /** What the certificates are for. */
  readonly names: readonly string[];
  readonly #server: tls.Server;
  readonly #material: TlsMaterial;
  readonly #options: TlsHandshakesOptions;
  /** Whose bytes are being handed over: what the server's events, which do not tell, are about. */
  readonly #current = new AsyncLocalStorage<Handshake>();

  /** @param material that has been checked: `node:tls` takes any text for a certificate and fails at each handshake (Deno 2.9.6) */
  constructor(material: TlsMaterial, options: TlsHandshakesOptions) {
    this.#material = material;
    this.#options = options;
    const { cert, key, clientCertificates: clients, http2 } = material, ca = clients?.ca;
    this.names = [cert, ...material.certificates.map((one) => one.cert)].map(certificateName);
    const hosts = new ServerNames(
      material.certificates.map(({ hosts, cert, key }) => [hosts, tls.createSecureContext({ cert, key, ca })]),
    );
    this.#server = tls.createServer({
      cert,
      key,
      ca,
      ALPNProtocols: http2 ? ["h2", "http/1.1"] : ["http/1.1"],
      requestCert: clients !== null,
      rejectUnauthorized: clients?.required === true,
      handshakeTimeout: options.longest,
      SNICallback: (name, done) => done(null, hosts.find(name)),
    });
    this.#server.on("secureConnection", (socket) => {
      const handshake = this.#current.getStore();
      if (handshake === undefined) socket.destroy();
      else handshake.secured(socket);
    });
    this.#server.on("tlsClientError", (error, socket) => {
      this.#current.getStore()?.failed(error);
      socket.destroy();
    });
  }

  /**
   * Shakes hands. It takes as long as the peer does: whoever gives it up closes `stream`.
   *
   * @param first bytes that have been read from the stream already
   * @throws HandshakeError when it fails; `stream` is closed then
   */
  async secure(stream: ByteStream, first: Uint8Array | null = null): Promise<Secured> {
    const start = first === null || first.length === 0 ? await this.#begin(stream) : first;
    if (isPlainHttp(start[0])) {
      await refusePlainHttp(stream).catch(() => {});
      return shut(stream, "plain_http", "HTTP without TLS");
    }
    const wire = new Wire(stream, this.#options.buffers, this.#options.clock);
    try {
      return await this.#shake(wire, start);
    } catch (error) {
      wire.finish();
      await wire.gone;
      throw error;
    }
  }

  /** The first bytes: until they come, a connection costs no more than a buffer. */
  async #begin(stream: ByteStream): Promise<Uint8Array> {
    const into = new Uint8Array(FIRST_BYTES);
    let count;
    try {
      count = await stream.read(into);
    } catch (error) {
      return shut(stream, "left", (error as Error).message);
    }
    return count === null ? shut(stream, "left", "the connection ended before a handshake") : into.subarray(0, count);
  }

  #shake(wire: Wire, start: Uint8Array): Promise<Secured> {
    return new Promise((resolve, reject) => {
      let over = false;
      const fail = (error: HandshakeError) => {
        over = true;
        reject(error);
      };
      const handshake: Handshake = {
        failed: (error) => fail(this.#failure(error, wire)),
        secured: (socket) => {
          over = true;
          const stream = new TlsByteStream(socket, wire), shown = this.#clientCertificate(socket);
          if (shown instanceof HandshakeError) {
            stream.close();
            return reject(shown);
          }
          const protocol = socket.alpnProtocol === "h2" ? "h2" : "http/1.1";
          resolve({ stream, protocol, serverName: serverName(socket), clientCertificate: shown });
        },
      };
      const within = (handOver: () => void) => this.#current.run(handshake, handOver);
      within(() => {
        this.#server.emit("connection", wire);
        wire.feed(start);
      });
      this.#read(wire, within, () => over).catch(fail);
    });
  }

  /** Reads until the handshake is over, or `node:tls` has given it up and is about to say why. @throws HandshakeError */
  async #read(wire: Wire, within: (handOver: () => void) => void, over: () => boolean): Promise<void> {
    try {
      while (!over() && !wire.destroyed && !wire.ended) await wire.pull(within);
    } catch (error) {
      if (!wire.destroyed) throw new HandshakeError("left", (error as Error).message);
    }
    if (wire.ended && !over()) throw new HandshakeError("left", "the connection ended in the handshake");
  }

  #failure(error: Error & { code?: string }, wire: Wire): HandshakeError {
    if (wire.failure !== null) return new HandshakeError("left", wire.failure.message);
    // After a handshake with a stranger's certificate `node:tls` closes and gives no reason (Deno 2.9.6).
    const silent = error.code === "ECONNRESET";
    if (silent && this.#options.verified !== null) {
      return new HandshakeError("certificate", "no authority of this listener stands for the client's certificate");
    }
    const certificate = error.code === "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE";
    return new HandshakeError(certificate ? "certificate" : "refused", error.message);
  }

  /** The client's certificate where one is asked for and was shown. An error where it will not do. */
  #clientCertificate(socket: tls.TLSSocket): ClientCertificate | null | HandshakeError {
    const { verified } = this.#options, clients = this.#material.clientCertificates;
    if (clients === null || verified === null) return null;
    const shown = clientCertificate(socket.getPeerCertificate());
    if (shown === null) {
      return clients.required ? new HandshakeError("certificate", "the client showed no certificate") : null;
    }
    if (!socket.isSessionReused() && socket.authorized) verified.add(shown);
    else if (!socket.isSessionReused() || !verified.has(shown)) {
      return new HandshakeError("certificate", `no authority of this listener stands for ${shown.subject}`);
    }
    return shown;
  }
}

/** The name is no public part of the types, though it is documented. */
function serverName(socket: tls.TLSSocket): string {
  const { servername } = socket as { servername?: string | false | null };
  return servername ? servername.toLowerCase() : "";
}

function shut(stream: ByteStream, fault: HandshakeFault, message: string): never {
  closeQuietly(stream);
  throw new HandshakeError(fault, message);
}
