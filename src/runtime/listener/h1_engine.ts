/** The engine of our own: HTTP/1.1 on `Deno.listen`. @module */

import type { ListenerPlan } from "../../compile/plan.ts";
import type { Clock } from "../../core/clock.ts";
import type { Client } from "../../core/exchange.ts";
import type { Log } from "../../core/log.ts";
import type { NetAddress } from "../../core/net_address.ts";
import { AuthorityCache } from "../../http/authority_cache.ts";
import { type MakeBufferPool, makeBufferPool } from "../../transport/buffer_pool.ts";
import { ByteSlab } from "../../transport/byte_slab.ts";
import type { Engine, EngineHost } from "../engine.ts";
import type { ListenerReport } from "../listener_report.ts";
import type { RequestFacts } from "../intake/request_facts.ts";
import { H2Connection } from "../h2/h2_connection.ts";
import type { H2Exchange } from "../h2/h2_exchange.ts";
import type { H2Service } from "../h2/h2_service.ts";
import { H2ReplyHeads } from "../h2/reply_heads.ts";
import { H2RequestReader } from "../h2/request_reader.ts";
import type { TlsTerminator } from "../tls/tls_terminator.ts";
import { Acceptor } from "./acceptor.ts";
import { ConnectionCounts } from "./connection_counts.ts";
import { ClientConnection } from "../h1/client_connection.ts";
import type { H1Exchange } from "../h1/h1_exchange.ts";
import { type Introduced, type IntroductionHost, Introductions } from "./introductions.ts";
import { PerClient } from "./per_client.ts";
import { turnAway } from "./turn_away.ts";
import type { PieceBuffers } from "../h1/reply_stream.ts";
import type { ListenerService } from "../h1/listener_service.ts";
import { ReplyHeads } from "../h1/reply_head.ts";
import { RequestReader } from "../h1/request_reader.ts";
import { Sweep } from "../pace/sweep.ts";

const PIECE_BYTES = 64 * 1024, PIECES_KEPT = 64;
const LARGE_PIECE_BYTES = 1024 * 1024, LARGE_PIECES_KEPT = 8;

/** A listener as the engine needs it. */
export type H1Listen = Pick<ListenerPlan, "address" | "scheme" | "proxyProtocol" | "timeouts" | "limits">;

/** What the engine needs of the gateway's world. */
export interface H1EngineOptions {
  readonly listen: H1Listen;
  /** Over which connections are served; `null`: cleartext. The engine closes it. */
  readonly tls: TlsTerminator | null;
  readonly host: EngineHost;
  readonly facts: RequestFacts;
  readonly clock: Clock;
  readonly log: Log;
  /** @default plain pools */
  readonly makePool?: MakeBufferPool;
}

/** Serves exchanges over connections of its own. */
export class H1Engine implements Engine, ListenerService, H2Service, IntroductionHost {
  readonly host: EngineHost;
  readonly reader: RequestReader;
  readonly heads: ReplyHeads;
  readonly h2Reader: H2RequestReader;
  readonly h2Heads: H2ReplyHeads;
  readonly sweep: Sweep;
  readonly buffers: PieceBuffers;
  readonly slab = new ByteSlab();
  readonly timeouts: H1Listen["timeouts"];
  readonly limits: H1Listen["limits"];
  readonly address: { readonly hostname: string; readonly port: number };
  readonly #facts: RequestFacts;
  readonly #acceptor: Acceptor<Deno.Conn>;
  readonly #connections = new Set<ClientConnection | H2Connection>();
  readonly #perClient: PerClient;
  readonly #introductions: Introductions;
  readonly #tls: TlsTerminator | null;
  readonly #counts = new ConnectionCounts();
  #requests = 0;
  #open = 0;
  #idle: PromiseWithResolvers<void> | null = null;
  #draining = false;

  /** Listens at once. @throws the runtime's error, such as `Deno.errors.AddrInUse` */
  constructor({ listen, tls, host, facts, clock, log, makePool = makeBufferPool }: H1EngineOptions) {
    const { limits, timeouts } = listen;
    this.host = host;
    this.limits = limits;
    this.timeouts = timeouts;
    this.buffers = {
      usual: makePool(PIECE_BYTES, PIECES_KEPT),
      large: makePool(LARGE_PIECE_BYTES, LARGE_PIECES_KEPT),
    };
    this.#facts = facts;
    this.#perClient = new PerClient(limits.perClient);
    this.#tls = tls;
    this.sweep = new Sweep(clock);
    this.heads = new ReplyHeads(facts.requestIdField);
    this.h2Heads = new H2ReplyHeads(facts.requestIdField);
    const targets = { paths: facts.paths, authorities: new AuthorityCache(), maxTarget: limits.target };
    this.reader = new RequestReader(facts, limits, targets, listen.scheme);
    this.h2Reader = new H2RequestReader(facts, limits, targets, listen.scheme);
    this.#introductions = new Introductions(
      {
        sweep: this.sweep,
        timeout: timeouts.header,
        proxyProtocol: listen.proxyProtocol,
        tls,
        log,
        counts: this.#counts,
      },
      this,
    );
    const listener = open(listen.address);
    this.address = addressOf(listener);
    this.#acceptor = new Acceptor(listener, (conn) => this.#accept(conn), clock, log);
  }

  get listening(): boolean {
    return this.#acceptor.listening;
  }

  get requests(): number {
    return this.#requests;
  }

  get overloaded(): boolean {
    return this.#open > this.limits.inFlight;
  }

  report(): ListenerReport {
    const { accepted, refused, preamblesFailed, handshakesFailed } = this.#counts;
    const open = { introducing: this.#introductions.size, h1: 0, h2: 0 }, tunnels = { websocket: 0, other: 0 };
    let streams = 0;
    for (const connection of this.#connections) {
      if (connection instanceof H2Connection) {
        open.h2++;
        streams += connection.streams;
      } else {
        open.h1++;
        if (connection.tunnel !== null) tunnels[connection.tunnel]++;
      }
    }
    const connections = {
      accepted,
      refused: { ...refused },
      open,
      streams,
      preamblesFailed,
      handshakesFailed: { ...handshakesFailed },
    };
    return {
      listening: this.listening,
      requests: this.#requests,
      inFlight: this.#open,
      tunnels,
      certificates: this.#tls?.ends ?? [],
      connections,
    };
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#acceptor.close();
    this.#introductions.close();
    this.#tls?.close();
    for (const connection of [...this.#connections]) connection.drain();
    // When the last one ends, a request behind it on the same connection may begin.
    while (this.#open > 0) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
    // What is left has no exchange: half a head, or a client that is being heard out.
    for (const connection of [...this.#connections]) connection.close();
  }

  abort(): void {
    this.#draining = true;
    this.#acceptor.close();
    this.#introductions.close();
    this.#tls?.close();
    for (const connection of [...this.#connections]) connection.cut();
  }

  began(): void {
    this.#requests++;
    this.#open++;
  }

  ended(exchange: H1Exchange | H2Exchange, status: number, bytesOut: number): void {
    this.host.completed(exchange, status, exchange.bytesIn, bytesOut);
    if (--this.#open === 0) this.#idle?.resolve();
  }

  closed(connection: ClientConnection | H2Connection): void {
    this.#connections.delete(connection);
    this.sweep.remove(connection);
    this.dismiss(connection.client);
  }

  admit(peer: string): Client | null {
    const client = this.#facts.clients.ofPeer(peer);
    if (this.#perClient.enter(client.peer)) return client;
    this.#counts.refused.perClient++;
    return null;
  }

  dismiss(client: Client): void {
    this.#perClient.leave(client.peer);
  }

  serve({ stream, client, protocol, ready, due }: Introduced): void {
    const connection = protocol === "h2"
      ? new H2Connection(stream, client, this, ready, due)
      : new ClientConnection(stream, client, this, ready, due);
    this.#connections.add(connection);
    this.sweep.add(connection);
    connection.start();
  }

  #accept(conn: Deno.Conn): void {
    if ("setNoDelay" in conn) (conn as Deno.TcpConn).setNoDelay(true);
    const peer = remoteHost(conn.remoteAddr), introductions = this.#introductions;
    this.#counts.accepted++;
    if (this.#connections.size + introductions.size >= this.limits.connections) {
      this.#counts.refused.connections++;
      return this.#refuse(conn);
    }
    if (introductions.needed) return introductions.begin(conn, peer);
    const client = this.admit(peer), due = this.sweep.after(this.timeouts.header);
    if (client === null) return this.#refuse(conn);
    this.serve({ stream: conn, client, protocol: "http/1.1", ready: null, due });
  }

  #refuse(conn: Deno.Conn): void {
    // In cleartext, which is no answer where a handshake is expected.
    if (this.#tls === null) turnAway(conn);
    else conn.close();
  }
}

function open(address: NetAddress): Deno.Listener {
  return address.kind === "unix"
    ? Deno.listen({ transport: "unix", path: address.path })
    : Deno.listen({ hostname: address.hostname, port: address.port });
}

function addressOf({ addr }: Deno.Listener): { hostname: string; port: number } {
  return addr.transport === "unix" || addr.transport === "unixpacket"
    ? { hostname: addr.path, port: 0 }
    : { hostname: (addr as Deno.NetAddr).hostname, port: (addr as Deno.NetAddr).port };
}

function remoteHost(addr: Deno.Addr): string {
  return addr.transport === "tcp" ? addr.hostname : "unix";
}
