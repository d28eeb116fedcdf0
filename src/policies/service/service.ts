/** Calls that a policy makes to a service: an identity provider, an authorization service. @module */

import { BodyError, isBodySource } from "../../core/body.ts";
import type { BuildEnv } from "../../core/build_env.ts";
import { dropReply } from "../../core/drop_reply.ts";
import { Exchange, type ExchangeInit } from "../../core/exchange.ts";
import type { Handler } from "../../core/handler.ts";
import { HeaderList } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import type { ExchangeTrace } from "../../core/trace.ts";
import { thrownMessage } from "../../core/thrown.ts";
import { wholeBody } from "../whole_body.ts";
import { CallsUnderWay } from "./calls_under_way.ts";
import type { ServiceAddress } from "./service_address.ts";

/** What services need of the world. */
export type ServiceEnv = Pick<BuildEnv, "deadlines" | "clock" | "dispatch" | "state">;

/** What is asked. */
export interface ServiceRequest {
  readonly method: string;
  /** `[name, value, …]`, names in lower case. @default none */
  readonly fields?: readonly string[];
  /** @default none */
  readonly body?: Uint8Array | null;
  /** In place of the address' own path and query. */
  readonly target?: { readonly path: string; readonly query: string };
  /**
   * The exchange that it is asked for: its client and host are what forwarded fields tell, and its end is the call's.
   *
   * @default the gateway's own doing
   */
  readonly on?: Exchange;
  /** The trace that it is part of. @default that of `on` */
  readonly trace?: ExchangeTrace | null;
  /** Whether others wait for the answer too, so that it is asked for when `on` is over. @default false */
  readonly shared?: boolean;
}

/** What comes back, whole. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** No answer, or none that can be used. The message is for the log. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
}

/** How much a call may take. */
export interface ServiceLimits {
  /** Milliseconds for all of it. */
  readonly timeout: number;
  /** Bytes of the answer. */
  readonly most: number;
}

/** One service, reached as an upstream is: pooled, with that one's time limits, breakers and retries. */
export class Service {
  readonly #env: ServiceEnv;
  readonly #address: ServiceAddress;
  readonly #limits: ServiceLimits;
  readonly #handler: Handler;
  readonly #calls: CallsUnderWay;

  constructor(env: ServiceEnv, address: ServiceAddress, limits: ServiceLimits) {
    this.#env = env;
    this.#address = address;
    this.#limits = limits;
    this.#handler = env.dispatch(address.to);
    this.#calls = env.state("services/calls", {}, () => new CallsUnderWay());
  }

  /**
   * Asks, and waits for the whole answer.
   *
   * @throws ServiceError when nothing comes, or too late, or too much; any status is an answer
   */
  async call(request: ServiceRequest): Promise<ServiceAnswer> {
    const exchange = this.#exchange(request), on = request.shared === true ? undefined : request.on;
    let late = false;
    const deadline = this.#env.deadlines.after(this.#limits.timeout, () => {
      late = true;
      exchange.abort();
    });
    const work = { abandon: () => exchange.abort() };
    on?.onAbort(work);
    this.#calls.begun(exchange);
    try {
      const reply = await this.#handler(exchange);
      if (exchange.error !== "") {
        dropReply(reply);
        throw new ServiceError(exchange.error);
      }
      const body = await this.#whole(reply, exchange);
      // A body that was given up may look like one that has ended.
      if (exchange.aborted) throw new ServiceError("given up");
      return { status: reply.status, headers: reply.headers, body };
    } catch (error) {
      const after = `no answer after ${this.#limits.timeout} ms`;
      const reason = late ? after : thrownMessage(error);
      throw new ServiceError(`${this.#address.to}: ${reason}`, { cause: error });
    } finally {
      deadline.cancel();
      on?.offAbort(work);
      this.#calls.ended(exchange);
      exchange.end();
    }
  }

  async #whole(reply: Reply, exchange: Exchange): Promise<Uint8Array> {
    const { body } = reply, { most } = this.#limits;
    if (isBodySource(body)) exchange.onAbort({ abandon: () => body.cancel() });
    const bytes = await wholeBody(body ?? NO_BYTES, most);
    if (bytes === null) throw new BodyError("too-large", `the answer is longer than ${most} bytes`);
    return bytes;
  }

  #exchange({ method, fields = [], body = null, target, on, trace = on?.trace ?? null }: ServiceRequest): Exchange {
    const { path, query, scheme, upstream } = this.#address;
    // An upstream's name is no host: its endpoints have theirs.
    const authority = upstream === null ? this.#address.authority : "", host = authority.replace(/:\d+$/, "");
    const asked: Omit<ExchangeInit, "client" | "requestId"> = {
      method,
      path: target?.path ?? path,
      query: target?.query ?? query,
      authority: on?.authority ?? authority,
      host: on?.host ?? host,
      scheme: on?.scheme ?? scheme,
      headers: HeaderList.of(...fields, ...(on === undefined ? [] : toldByProxy(on))),
      body,
      startedAt: this.#env.clock.now(),
    };
    const exchange = new Exchange({ ...asked, client: on?.client ?? OURSELVES, requestId: on?.requestId ?? "gateway" });
    exchange.route = on?.route ?? "";
    exchange.trace = trace;
    return exchange;
  }
}

/** What a trusted proxy said of the client: it is continued, as towards an upstream. */
function toldByProxy({ client, headers }: Exchange): string[] {
  if (!client.trusted) return [];
  return CONTINUED.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [name, value];
  });
}

const CONTINUED = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"];
const OURSELVES = Object.freeze({ ip: "127.0.0.1", peer: "127.0.0.1", trusted: false });
const NO_BYTES = new Uint8Array(0);
