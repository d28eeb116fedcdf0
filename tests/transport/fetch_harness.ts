/** The transport in HTTP/2 and a turned clock against an origin. @module */

import type { Body } from "../../src/core/body.ts";
import type { Failed } from "../../src/core/outcome.ts";
import type { Reply } from "../../src/core/reply.ts";
import { TimerWheel } from "../../src/core/timer_wheel.ts";
import { FetchTransport } from "../../src/transport/fetch_transport.ts";
import type { PoolLimits } from "../../src/transport/pool.ts";
import type { TlsSettings } from "../../src/transport/socket.ts";
import type { TransportOutcome, Waiting } from "../../src/transport/transport.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { Patient } from "./harness.ts";

/** What a test may choose. */
export interface FetchHarnessOptions {
  readonly hostname?: string;
  readonly limits?: Partial<PoolLimits>;
  readonly tls?: Partial<TlsSettings>;
}

/** Parts of a request that a test may choose. */
export interface FetchRequest {
  readonly body?: Body;
  readonly client?: Waiting;
  readonly target?: string;
  readonly host?: string;
  /** Field lines without their ends. */
  readonly lines?: readonly string[];
}

/** Sends requests as the attempt loop does; deadlines pass when the test turns the clock. */
export class FetchHarness implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly transport: FetchTransport;
  readonly authority: string;
  readonly #deadlines = new TimerWheel(this.clock);

  constructor(port: number, { hostname = "127.0.0.1", limits, tls }: FetchHarnessOptions = {}) {
    this.authority = `${hostname}:${port}`;
    const settings: TlsSettings | null = tls === undefined
      ? null
      : { serverName: hostname, ca: null, cert: null, key: null, insecureSkipVerify: false, ...tls };
    const address = { hostname, port, tls: settings };
    this.transport = new FetchTransport(address, this.authority, { max: 8, idle: 60_000, ...limits }, this.#deadlines);
  }

  /** Sends a request; deadlines are 1 s to connect, 5 s to the head, 3 s between body bytes. */
  send(method: string, request: FetchRequest = {}): Promise<TransportOutcome> {
    const { body = null, client = new Patient(), target = "/", host = this.authority, lines = [] } = request;
    const head = [`${method} ${target} HTTP/1.1`, `host: ${host}`, ...lines].map((line) => line + "\r\n").join("");
    return new Promise((resolve) =>
      this.transport.send(
        { method, head, body, headTimeout: 5_000, idleTimeout: 3_000 },
        { connect: 1_000, tls: 1_000 },
        client,
        resolve,
      )
    );
  }

  /** Sends a request that must be answered. */
  async reply(method = "GET", request: FetchRequest = {}): Promise<Reply> {
    const outcome = await this.send(method, request);
    if (!outcome.ok) throw new Error(`failed: ${outcome.code}`, { cause: outcome.cause });
    return outcome.reply;
  }

  /** Sends a request that must fail. */
  async failure(method = "GET", request: FetchRequest = {}): Promise<Failed> {
    const outcome = await this.send(method, request);
    if (outcome.ok) throw new Error(`answered: ${outcome.reply.status}`);
    return outcome;
  }

  // deno-lint-ignore require-await -- disposal is asynchronous for its users' sake
  async [Symbol.asyncDispose](): Promise<void> {
    this.transport.close();
    this.#deadlines.close();
  }
}
