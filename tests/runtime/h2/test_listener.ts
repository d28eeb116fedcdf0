/** A listener without a socket: connections in memory, a clock turned by hand, and a record of what was asked and answered. @module */

import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { silentLog } from "../../../src/core/log.ts";
import { Reply } from "../../../src/core/reply.ts";
import { AuthorityCache } from "../../../src/http/authority_cache.ts";
import { CidrSet } from "../../../src/http/cidr.ts";
import { ClientAddresses } from "../../../src/http/client_address.ts";
import { RequestIds } from "../../../src/http/request_id.ts";
import type { EngineHost } from "../../../src/runtime/engine.ts";
import { Sweep } from "../../../src/runtime/pace/sweep.ts";
import { H2Connection } from "../../../src/runtime/h2/h2_connection.ts";
import type { H2Exchange } from "../../../src/runtime/h2/h2_exchange.ts";
import type { H2Service } from "../../../src/runtime/h2/h2_service.ts";
import { H2ReplyHeads } from "../../../src/runtime/h2/reply_heads.ts";
import { H2RequestReader } from "../../../src/runtime/h2/request_reader.ts";
import { failureOf } from "../../../src/runtime/handler_failure.ts";
import { overloadReply } from "../../../src/runtime/intake/overload.ts";
import type { RequestFacts } from "../../../src/runtime/intake/request_facts.ts";
import { Methods } from "../../../src/runtime/intake/method.ts";
import { BufferPool } from "../../../src/transport/buffer_pool.ts";
import type { ByteStream } from "../../../src/core/byte_stream.ts";
import type { Clock } from "../../../src/core/clock.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { Peer } from "./peer.ts";

/** Answers an exchange. */
export type Handle = (exchange: Exchange) => Reply | Promise<Reply>;

/** What a test may set. */
export interface ListenerOptions {
  readonly clock?: Clock;
  readonly headerBytes?: number;
  readonly headerCount?: number;
  readonly target?: number;
  readonly body?: number;
  readonly minRate?: number;
  /** Addresses of proxies. */
  readonly trusted?: readonly string[];
}

/** One line of the access log. */
export interface Logged {
  readonly exchange: H2Exchange;
  readonly status: number;
  readonly bytesOut: number;
}

/** Everything that a test asks for gets "hello". */
export const hello: Handle = () => Reply.text(200, "hello");

export class TestListener implements H2Service {
  readonly clock: Clock;
  readonly host: EngineHost;
  readonly h2Reader: H2RequestReader;
  readonly h2Heads = new H2ReplyHeads("x-request-id");
  readonly sweep: Sweep;
  readonly pool = new BufferPool(64 * 1024, 64);
  readonly buffers = { usual: this.pool };
  readonly timeouts = { header: 2_000, idle: 5_000, body: 4_000, write: 3_000 };
  readonly limits: { headerBytes: number; body: number; minRate: number };
  overloaded = false;
  draining = false;
  /** Exchanges under way. */
  open = 0;
  /** Connections under way. */
  connections = 0;
  readonly log: Logged[] = [];
  /** What handlers threw. */
  readonly crashes: unknown[] = [];
  readonly facts: RequestFacts;

  constructor(public handle: Handle = hello, options: ListenerOptions = {}) {
    const { clock = new FakeClock(), headerBytes = 32_768, headerCount = 100, target = 8_192 } = options;
    const { body = 2 ** 30, minRate = 0, trusted = [] } = options;
    const paths = { encodedSlash: "keep", mergeSlashes: false } as const;
    this.clock = clock;
    this.sweep = new Sweep(clock);
    this.limits = { headerBytes, body, minRate };
    this.facts = {
      paths,
      clients: new ClientAddresses(CidrSet.parse(trusted) as CidrSet),
      requestIds: new RequestIds({ accept: "any" }, "id"),
      requestIdField: "x-request-id",
      methods: new Methods([]),
      clock,
    };
    this.h2Reader = new H2RequestReader(
      this.facts,
      { headerBytes, headerCount, target, body },
      { paths, authorities: new AuthorityCache(), maxTarget: target },
      "https",
    );
    const draining = () => this.draining;
    this.host = {
      requestIdField: "x-request-id",
      get draining() {
        return draining();
      },
      handle: (exchange) => this.handle(exchange),
      overloaded: overloadReply,
      local: (exchange, answer) => answer(exchange),
      crashed: (exchange, cause) => {
        this.crashes.push(cause);
        return failureOf(exchange, cause, silentLog);
      },
      completed() {},
    };
  }

  /** The log as lines: status, method, path, error. */
  get lines(): string[] {
    return this.log.map(({ exchange: { method, path, error }, status }) =>
      [status, method || "-", path || "-", error].join(" ").trim()
    );
  }

  began(): void {
    this.open++;
  }

  ended(exchange: H2Exchange, status: number, bytesOut: number): void {
    this.open--;
    this.log.push({ exchange, status, bytesOut });
  }

  closed(connection: H2Connection): void {
    this.connections--;
    this.sweep.remove(connection);
  }

  /** Serves a stream. */
  serve(stream: ByteStream, peer = "192.0.2.1"): H2Connection {
    const connection = new H2Connection(stream, this.facts.clients.ofPeer(peer), this);
    this.connections++;
    this.sweep.add(connection);
    connection.start();
    return connection;
  }

  /** A client in memory that has said preface and SETTINGS. */
  async connect(peer?: string): Promise<Peer> {
    const client = new Peer(this, peer);
    await client.greet();
    return client;
  }
}

/** An answer whose body is given by hand. */
export function reply(status: number, fields: string[], body: Reply["body"]): Reply {
  return new Reply(status, HeaderList.of(...fields), body);
}
