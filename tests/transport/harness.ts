/** A client, a pool and a turned clock against a scripted origin. @module */

import type { Body, BodySource } from "../../src/core/body.ts";
import type { Abandonable } from "../../src/core/exchange.ts";
import type { Failed, Outcome } from "../../src/core/outcome.ts";
import type { Reply } from "../../src/core/reply.ts";
import { TimerWheel } from "../../src/core/timer_wheel.ts";
import { connect } from "../../src/transport/connect.ts";
import { Http1Client, roundTrip } from "../../src/transport/http1_client.ts";
import type { Pool, PoolLimits } from "../../src/transport/pool.ts";
import type { Connect, TlsSettings } from "../../src/transport/socket.ts";
import type { Waiting } from "../../src/transport/transport.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** What a test may choose. */
export interface HarnessOptions {
  readonly limits?: Partial<PoolLimits>;
  readonly tls?: Partial<TlsSettings>;
  /** @default the runtime's sockets */
  readonly connect?: Connect;
}

const TLS: TlsSettings = { serverName: "localhost", ca: null, cert: null, key: null, insecureSkipVerify: false };

/** Sends requests as the attempt loop does; deadlines pass when the test turns the clock. */
export class TransportHarness implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly pool: Pool;
  readonly #deadlines = new TimerWheel(this.clock);

  constructor(port: number, options: HarnessOptions = {}) {
    const tls = options.tls === undefined ? null : { ...TLS, ...options.tls };
    const client = new Http1Client(options.connect ?? connect, this.#deadlines);
    this.pool = client.pool({ hostname: "127.0.0.1", port, tls }, { max: 8, idle: 60_000, ...options.limits });
  }

  /** Sends a request; deadlines are 1 s to connect, 5 s to the head, 3 s between body bytes. */
  send(method: string, body: Body = null, waiting: Waiting = new Patient(), path = "/"): Promise<Outcome> {
    const request = {
      method,
      head: `${method} ${path} HTTP/1.1\r\nhost: origin\r\n`,
      body,
      headTimeout: 5_000,
      idleTimeout: 3_000,
    };
    return new Promise((resolve) => roundTrip(this.pool, request, { connect: 1_000, tls: 1_000 }, waiting, resolve));
  }

  /** Sends a request that must be answered. */
  async reply(method = "GET", body: Body = null): Promise<Reply> {
    const outcome = await this.send(method, body);
    if (!outcome.ok) throw new Error(`failed: ${outcome.code}`, { cause: outcome.cause });
    return outcome.reply;
  }

  /** Sends a request that must fail. */
  async failure(method = "GET", body: Body = null, waiting?: Waiting): Promise<Failed> {
    const outcome = await this.send(method, body, waiting);
    if (outcome.ok) throw new Error(`answered: ${outcome.reply.status}`);
    return outcome;
  }

  // deno-lint-ignore require-await -- disposal is asynchronous for its users' sake
  async [Symbol.asyncDispose](): Promise<void> {
    this.pool.close();
    this.#deadlines.close();
  }
}

/** A client that can be made to leave. */
export class Patient implements Waiting {
  aborted = false;
  #work: Abandonable | null = null;

  onAbort(work: Abandonable): void {
    this.#work = work;
  }

  offAbort(): void {
    this.#work = null;
  }

  leave(): void {
    this.aborted = true;
    this.#work?.abandon();
  }
}

/** A body whose pieces the test gives one by one. */
export class GivenBody implements BodySource {
  readonly #pieces: (Uint8Array | Error | null)[] = [];
  #wake: (() => void) | null = null;
  cancelled = false;

  constructor(readonly length: number | undefined) {}

  give(piece: string | Error | null): void {
    this.#pieces.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    this.#wake?.();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#pieces.length === 0) {
      if (this.cancelled) return 0;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const piece = this.#pieces.shift()!;
    if (piece === null) return 0;
    if (piece instanceof Error) throw piece;
    into.set(piece);
    return piece.length;
  }

  cancel(): void {
    this.cancelled = true;
    this.#wake?.();
  }
}

/** The whole body of a reply as text. */
export async function bodyText(reply: Reply): Promise<string> {
  const { body } = reply, decoder = new TextDecoder("latin1");
  if (body === null) return "";
  if (body instanceof Uint8Array) return decoder.decode(body);
  const buffer = new Uint8Array(7), parts: string[] = [];
  for (let count = await body.read(buffer); count > 0; count = await body.read(buffer)) {
    parts.push(decoder.decode(buffer.subarray(0, count)));
  }
  return parts.join("");
}
