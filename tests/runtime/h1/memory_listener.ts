/** The listener of connections without sockets. @module */

import type { MaybePromise } from "../../../src/core/handler.ts";
import { logTo } from "../../../src/core/log.ts";
import type { Reply } from "../../../src/core/reply.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { AuthorityCache } from "../../../src/http/authority_cache.ts";
import { CidrSet } from "../../../src/http/cidr.ts";
import { ClientAddresses } from "../../../src/http/client_address.ts";
import { RequestIds } from "../../../src/http/request_id.ts";
import type { EngineHost } from "../../../src/runtime/engine.ts";
import { failureOf } from "../../../src/runtime/handler_failure.ts";
import { ClientConnection } from "../../../src/runtime/h1/client_connection.ts";
import type { H1Exchange } from "../../../src/runtime/h1/h1_exchange.ts";
import type { ListenerService } from "../../../src/runtime/h1/listener_service.ts";
import { ReplyHeads } from "../../../src/runtime/h1/reply_head.ts";
import { RequestReader } from "../../../src/runtime/h1/request_reader.ts";
import { Sweep } from "../../../src/runtime/pace/sweep.ts";
import { Methods } from "../../../src/runtime/intake/method.ts";
import { overloadReply } from "../../../src/runtime/intake/overload.ts";
import type { RequestFacts } from "../../../src/runtime/intake/request_facts.ts";
import { BufferPool } from "../../../src/transport/buffer_pool.ts";
import { ByteSlab } from "../../../src/transport/byte_slab.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MemoryStream } from "./memory_stream.ts";

/** Answers a request. */
export type Handle = (exchange: Exchange) => MaybePromise<Reply>;

/** What became of an exchange. */
export interface Completed {
  readonly exchange: Exchange;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Where a test departs from the usual. */
export interface MemoryLimits {
  readonly headerBytes?: number;
  readonly headerCount?: number;
  readonly target?: number;
  readonly body?: number;
  readonly minRate?: number;
}

/** What any reading of requests needs. */
export function requestFacts(clock: FakeClock): RequestFacts {
  return {
    paths: { encodedSlash: "keep", mergeSlashes: false },
    clients: new ClientAddresses(CidrSet.EMPTY),
    requestIds: new RequestIds({ accept: "any" }, "id"),
    requestIdField: "x-request-id",
    methods: new Methods([]),
    clock,
  };
}

/** Connections of an engine on a clock of their own. */
export class MemoryListener implements ListenerService {
  readonly clock = new FakeClock();
  readonly sweep = new Sweep(this.clock);
  readonly heads = new ReplyHeads("x-request-id");
  readonly buffers = { usual: new BufferPool(64 * 1024, 4), large: new BufferPool(1024 * 1024, 2) };
  readonly slab = new ByteSlab();
  readonly timeouts = { header: 10_000, idle: 75_000, body: 30_000, write: 30_000, tunnel: 600_000 };
  readonly limits: Required<MemoryLimits>;
  readonly reader: RequestReader;
  readonly host: EngineHost;
  readonly completed: Completed[] = [];
  /** Connections that are open. */
  readonly open = new Set<ClientConnection>();
  /** What handlers threw. */
  readonly crashes: string[] = [];
  overloaded = false;
  draining = false;

  constructor(handle: Handle, limits: MemoryLimits = {}) {
    this.limits = { headerBytes: 32768, headerCount: 100, target: 8192, body: 2 ** 30, minRate: 240, ...limits };
    const facts = requestFacts(this.clock);
    const targets = { paths: facts.paths, authorities: new AuthorityCache(), maxTarget: this.limits.target };
    this.reader = new RequestReader(facts, this.limits, targets, "http");
    const draining = () => this.draining;
    this.host = {
      handle,
      overloaded: overloadReply,
      local: (exchange, answer) => answer(exchange),
      crashed: (exchange, cause) =>
        failureOf(
          exchange,
          cause,
          logTo((_level, message, fields) => this.crashes.push(`${message}: ${fields?.error}`)),
        ),
      completed: (exchange, status, bytesIn, bytesOut) =>
        void this.completed.push({ exchange, status, bytesIn, bytesOut }),
      get draining() {
        return draining();
      },
      requestIdField: "x-request-id",
    };
  }

  /** A new connection, and its other end. */
  connect(): { stream: MemoryStream; connection: ClientConnection } {
    const stream = new MemoryStream();
    const connection = new ClientConnection(stream, { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false }, this);
    this.open.add(connection);
    this.sweep.add(connection);
    connection.start();
    return { stream, connection };
  }

  began(): void {}

  ended(exchange: H1Exchange, status: number, bytesOut: number): void {
    this.host.completed(exchange, status, exchange.bytesIn, bytesOut);
  }

  closed(connection: ClientConnection): void {
    this.open.delete(connection);
    this.sweep.remove(connection);
  }
}
