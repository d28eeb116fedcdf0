/** An engine on `Deno.serve` without a config: what every request gets is the test's. @module */

import type { Exchange } from "../../../src/core/exchange.ts";
import type { MaybePromise } from "../../../src/core/handler.ts";
import { silentLog } from "../../../src/core/log.ts";
import type { NetAddress } from "../../../src/core/net_address.ts";
import { Reply } from "../../../src/core/reply.ts";
import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import { CidrSet, isCidrError } from "../../../src/http/cidr.ts";
import { ClientAddresses } from "../../../src/http/client_address.ts";
import { RequestIds } from "../../../src/http/request_id.ts";
import type { EngineHost } from "../../../src/runtime/engine.ts";
import { overloadReply } from "../../../src/runtime/intake/overload.ts";
import { Methods } from "../../../src/runtime/intake/method.ts";
import type { ServeCertificate } from "../../../src/runtime/serve/listener.ts";
import { ServeRequests } from "../../../src/runtime/serve/requests.ts";
import { ServeEngine } from "../../../src/runtime/serve/serve_engine.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Where to listen and what to answer. */
export interface ServedOptions {
  readonly listen?: NetAddress;
  readonly tls?: ServeCertificate;
  /** @default "ok" */
  handle?(exchange: Exchange): MaybePromise<Reply>;
}

/** A running engine with the exchanges that reached its handler. Dispose of it to stop it. */
export class Served implements AsyncDisposable {
  readonly engine: ServeEngine;
  readonly exchanges: Exchange[] = [];
  /** Statuses in order of completion. */
  readonly statuses: number[] = [];
  draining = false;

  constructor({ listen = { kind: "tcp", hostname: "127.0.0.1", port: 0 }, tls, handle }: ServedOptions = {}) {
    const clock = new FakeClock(), trusted = CidrSet.parse([]), draining = () => this.draining;
    if (isCidrError(trusted)) throw new Error("no address is trusted");
    const host: EngineHost = {
      handle: (exchange) => {
        this.exchanges.push(exchange);
        return handle?.(exchange) ?? Reply.text(200, "ok");
      },
      overloaded: overloadReply,
      local: (exchange, answer) => answer(exchange),
      crashed: (_exchange, cause) => Reply.text(500, String(cause)),
      completed: (_exchange, status) => void this.statuses.push(status),
      get draining() {
        return draining();
      },
      requestIdField: "x-request-id",
    };
    const facts = {
      paths: { encodedSlash: "keep", mergeSlashes: false },
      clients: new ClientAddresses(trusted),
      requestIds: new RequestIds({ accept: "any" }),
      requestIdField: host.requestIdField,
      methods: new Methods([]),
      clock,
    } as const;
    const limits = { target: 8192, body: 1024 * 1024 };
    this.engine = new ServeEngine({
      listen,
      tls,
      maxInFlight: 1000,
      host,
      requests: new ServeRequests(facts, limits, tls === undefined ? "http" : "https"),
      deadlines: new TimerWheel(clock),
      clock,
      log: silentLog,
    });
  }

  get port(): number {
    return this.engine.address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const drained = this.engine.drain();
    this.engine.abort();
    await drained;
  }
}
