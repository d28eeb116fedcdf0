/** What comes before the first request of a connection. @module */

import { closeQuietly } from "../../core/close_quietly.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { Client } from "../../core/exchange.ts";
import type { Log } from "../../core/log.ts";
import { thrownMessage } from "../../core/thrown.ts";
import { HandshakeError } from "../tls/handshake_error.ts";
import type { Secured } from "../tls/tls_handshakes.ts";
import type { ConnectionCounts } from "./connection_counts.ts";
import { ProxyPreamble } from "./proxy_preamble.ts";
import { turnAway } from "./turn_away.ts";
import type { Sweep, Swept } from "../pace/sweep.ts";

/** A connection whose client is known. */
export interface Introduced {
  readonly stream: ByteStream;
  readonly client: Client;
  readonly protocol: Secured["protocol"];
  /** Bytes that have been read from the stream already. */
  readonly ready: Uint8Array | null;
  /** The tick at which the first head must be here. */
  readonly due: number;
}

/** The listener, as far as introductions need it. */
export interface IntroductionHost {
  /** Somebody is known. @returns `null` when it has as many connections as it may: then nothing more is heard of it */
  admit(peer: string): Client | null;
  /** It was let in, and its handshake failed. */
  dismiss(client: Client): void;
  /** It is ready for its first request. */
  serve(introduced: Introduced): void;
}

/** What a listener asks of its connections before the first request. */
export interface IntroductionOptions {
  readonly sweep: Sweep;
  /** Milliseconds for all of it and the first head. */
  readonly timeout: number;
  readonly proxyProtocol: boolean;
  /** `null`: cleartext. */
  readonly tls: { secure(stream: ByteStream, first: Uint8Array | null): Promise<Secured> } | null;
  readonly log: Log;
  readonly counts: ConnectionCounts;
}

/**
 * The connections of a listener that have not got to their first request: learns from the PROXY protocol who the client
 * is, and shakes hands with it.
 */
export class Introductions {
  readonly #options: IntroductionOptions;
  readonly #host: IntroductionHost;
  readonly #open = new Set<ByteStream>();
  #closed = false;

  constructor(options: IntroductionOptions, host: IntroductionHost) {
    this.#options = options;
    this.#host = host;
  }

  /** Whether connections have anything to say before their first request. */
  get needed(): boolean {
    return this.#options.proxyProtocol || this.#options.tls !== null;
  }

  /** Connections that have not got further yet. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes a connection in. @param peer the address at its other end */
  begin(stream: ByteStream, peer: string): void {
    const { sweep, timeout, proxyProtocol, log, counts } = this.#options, due = sweep.after(timeout);
    this.#open.add(stream);
    if (!proxyProtocol) return this.#admit(stream, peer, null, due);
    const over = () => sweep.remove(preamble);
    const preamble = new ProxyPreamble(stream, sweep, timeout, {
      told: (source, rest) => {
        over();
        this.#admit(stream, source ?? peer, rest, due);
      },
      failed: (reason) => {
        over();
        this.#open.delete(stream);
        if (this.#closed) return;
        counts.preamblesFailed++;
        log.warn("connection without a valid PROXY header closed", { peer, reason });
      },
    });
    sweep.add(preamble);
    preamble.start();
  }

  /** Closes them all. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#open) closeQuietly(stream);
  }

  /** Turns away whoever has too many connections, before any work is done for it. */
  #admit(stream: ByteStream, peer: string, rest: Uint8Array | null, due: number): void {
    const client = this.#host.admit(peer), { tls } = this.#options;
    if (client === null) {
      this.#open.delete(stream);
      if (tls === null) turnAway(stream);
      else closeQuietly(stream);
    } else if (tls === null) this.#done(stream, { stream, client, protocol: "http/1.1", ready: rest, due });
    else this.#secure(stream, client, rest, due);
  }

  #secure(stream: ByteStream, client: Client, rest: Uint8Array | null, due: number): void {
    const { tls, sweep, log, counts } = this.#options, patience = new Patience(stream, due);
    sweep.add(patience);
    tls!.secure(stream, rest).then((secured) => {
      sweep.remove(patience);
      const certificate = secured.clientCertificate ?? undefined, known = { ...client, certificate };
      this.#done(stream, { stream: secured.stream, client: known, protocol: secured.protocol, ready: null, due });
    }, (error) => {
      sweep.remove(patience);
      this.#open.delete(stream);
      this.#host.dismiss(client);
      if (this.#closed) return;
      const reason = patience.over ? "no handshake in time" : thrownMessage(error);
      counts.handshakesFailed[patience.over ? "timeout" : error instanceof HandshakeError ? error.fault : "refused"]++;
      // On the open Internet nearly all of these are scanners.
      log.debug("TLS handshake failed", { peer: client.peer, reason });
    });
  }

  #done(stream: ByteStream, introduced: Introduced): void {
    this.#open.delete(stream);
    if (!this.#closed) return this.#host.serve(introduced);
    this.#host.dismiss(introduced.client);
    introduced.stream.close();
  }
}

/** Ends a handshake that takes too long. */
class Patience implements Swept {
  readonly #stream: ByteStream;
  readonly #due: number;
  over = false;

  constructor(stream: ByteStream, due: number) {
    this.#stream = stream;
    this.#due = due;
  }

  look(tick: number): void {
    if (this.over || tick < this.#due) return;
    this.over = true;
    closeQuietly(this.#stream);
  }
}
