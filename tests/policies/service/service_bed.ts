/** A gateway whose one policy calls a service and tells what came of it. @module */

import { z } from "zod";
import type { Gateway } from "../../../src/config/types/gateway.ts";
import type { Upstream } from "../../../src/config/types/upstream.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { type Policy, recordPolicy } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import {
  Service,
  type ServiceAnswer,
  ServiceError,
  type ServiceRequest,
} from "../../../src/policies/service/service.ts";
import { serviceAddress, type ServiceOption } from "../../../src/policies/service/service_address.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";
import { connect } from "../../../src/transport/connect.ts";

/** What a test says of a call. */
export interface Calling {
  readonly to: ServiceOption;
  readonly timeout?: number;
  readonly most?: number;
  /** @default a GET on behalf of the exchange */
  request?(exchange: Exchange): ServiceRequest;
  readonly upstreams?: { readonly [name: string]: Upstream };
  readonly trustedProxies?: readonly string[];
}

/** What came of one. */
export type CallResult = { readonly answer: ServiceAnswer } | { readonly error: ServiceError };

/** The gateway; each request to it makes one call. */
export class ServiceBed implements AsyncDisposable {
  readonly results: CallResult[] = [];
  /** For which calls were begun. */
  readonly asking: Exchange[] = [];
  readonly gateway: TestGateway;

  constructor(calling: Calling, clock: FakeClock) {
    const { upstreams = {}, trustedProxies = [] } = calling;
    const config: Gateway = {
      shutdown: { grace: "1s" },
      upstreams,
      trustedProxies: [...trustedProxies] as never,
      routes: [{ path: "/*", policies: [this.#policy(calling)], respond: { status: 200 } }],
    };
    this.gateway = TestGateway.start(config, { clock, random: () => 0, connect }, { engine: "h1" });
  }

  /** The result at this place, in order of ending. */
  async result(index = 0): Promise<CallResult> {
    await until(() => this.results.length > index, `the end of call ${index}`);
    return this.results[index];
  }

  /** Sends a request, which makes a call, and waits for the end of that. */
  async call(text = "GET /asked?for=1 HTTP/1.1\r\nhost: a.example\r\n\r\n"): Promise<CallResult> {
    const index = this.results.length;
    await using client = await this.gateway.connect();
    await client.exchange(text);
    return this.results[index];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
  }

  #policy({ to, timeout = 1_000, most = 1_000, request = (on) => ({ method: "GET", on }) }: Calling): Policy {
    return recordPolicy({
      kind: "calling",
      schema: z.unknown(),
      build: (_, env) => {
        const service = new Service(env, serviceAddress.parse(to), { timeout, most });
        return () => async (exchange) => {
          this.asking.push(exchange);
          try {
            this.results.push({ answer: await service.call(request(exchange)) });
          } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            this.results.push({ error });
          }
          return Reply.text(200, "called");
        };
      },
    }, {});
  }
}

/** The answer's body as text. @throws the error there is instead */
export function textOf(result: CallResult): string {
  if ("error" in result) throw result.error;
  return new TextDecoder().decode(result.answer.body);
}

/** Why there is no answer. @throws when there is one */
export function errorOf(result: CallResult): string {
  if ("answer" in result) throw new Error(`there is an answer: ${result.answer.status}`);
  return result.error.message;
}
