/** Gateways, origins and requests as the tests of the attempt loop need them. @module */

import { definePolicy } from "gatewright";
import type { Gateway } from "../../src/config/types/gateway.ts";
import type { RouteConfig } from "../../src/config/types/route.ts";
import type { Upstream, UpstreamConfig } from "../../src/config/types/upstream.ts";
import type { GatewayWorld } from "../../src/gateway.ts";
import { connect } from "../../src/transport/connect.ts";
import type { Connect } from "../../src/transport/socket.ts";
import type { FakeClock } from "../support/fake_clock.ts";
import type { RawClient, RawResponse } from "../support/raw_client.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway, type TestListener } from "../support/test_gateway.ts";
import { turn } from "../support/turn.ts";
import { passUntil, until } from "../support/until.ts";

export type Engine = "h1" | "serve";
export const ENGINES: readonly Engine[] = ["h1", "serve"];

/** Where nobody listens: the port of tcpmux (RFC 1078). */
export const REFUSING = "http://127.0.0.1:1";

/** What {@link gatewayTo} starts a gateway with. */
export interface BedOptions {
  /** Settings of upstream `o` beside its endpoints. */
  readonly settings?: Partial<UpstreamConfig>;
  /** Settings of the one route, which takes every path; its target is upstream `o` unless it has another. */
  readonly route?: Partial<RouteConfig>;
  /** Further upstreams. */
  readonly upstreams?: { readonly [name: string]: Upstream };
  readonly world?: Partial<GatewayWorld>;
  readonly listen?: TestListener;
}

/** A gateway that counts the requests that it has begun to handle: what one that waits in it cannot show otherwise. */
export type BedGateway = TestGateway & { readonly arrivals: { readonly count: number } };

/** A gateway with one route. Chance always gives 0 unless `world` says otherwise, so that retries do not pause. */
export function gatewayTo(
  endpoints: UpstreamConfig["endpoints"],
  clock: FakeClock,
  { settings = {}, route = {}, upstreams = {}, world = {}, listen = {} }: BedOptions = {},
): BedGateway {
  const arrivals = { count: 0 };
  const counting = definePolicy({
    name: "counting",
    handle(_, next) {
      arrivals.count++;
      return next();
    },
  });
  const target = "split" in route ? {} : { upstream: "o" };
  const config: Gateway = {
    shutdown: { grace: "1s" },
    upstreams: { o: { endpoints, ...settings }, ...upstreams },
    policies: [counting],
    routes: [{ path: "/*", ...target, ...route }],
  };
  const gateway = TestGateway.start(config, { clock, random: () => 0, ...world }, { engine: "h1", ...listen });
  return Object.assign(gateway, { arrivals });
}

/** A request with these fields; a body gets its length. */
export function request(method: string, target: string, fields: readonly string[] = [], body = ""): string {
  const length = body === "" ? [] : [`content-length: ${body.length}`];
  return [`${method} ${target} HTTP/1.1`, "host: a.example", ...fields, ...length, "", body].join("\r\n");
}

export function get(...fields: string[]): string {
  return request("GET", "/", fields);
}

export function post(body: string, ...fields: string[]): string {
  return request("POST", "/", fields, body);
}

/** The head of a request with a body in chunks. */
export function chunkedHead(method: string, ...fields: string[]): string {
  return request(method, "/", ["transfer-encoding: chunked", ...fields]);
}

export function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** Sends one request over a connection of its own and takes the answer. */
export async function ask(gateway: TestGateway, text: string): Promise<RawResponse> {
  await using client = await gateway.connect();
  return await client.exchange(text);
}

/** The same for what needs time: the clock is turned until the answer is there. */
export async function askInTime(gateway: TestGateway, clock: FakeClock, text: string): Promise<RawResponse> {
  const response = ask(gateway, text);
  await passUntil(clock, response, 50);
  return await response;
}

/** Sends what a request begins with, and waits until the gateway handles it. */
export async function begin(gateway: BedGateway, client: RawClient, text: string): Promise<void> {
  const before = gateway.arrivals.count;
  await client.send(text);
  await until(() => gateway.arrivals.count > before, "the request to arrive");
}

/** What the gateway's log says, as `level: message (endpoint)`. */
export function logOf(gateway: TestGateway): string[] {
  return gateway.log.map(({ level, message, fields }) => `${level}: ${message} (${fields?.endpoint})`);
}

/** A request that has arrived, whose answer is awaited later, or never. */
export class Pending implements AsyncDisposable {
  readonly client: RawClient;
  #status: number | null = null;
  readonly response: Promise<RawResponse>;

  private constructor(client: RawClient, method: string) {
    this.client = client;
    this.response = client.response(method);
    this.response.then(({ status }) => this.#status = status, () => {});
  }

  static async send(gateway: BedGateway, text: string): Promise<Pending> {
    const client = await gateway.connect();
    await begin(gateway, client, text);
    return new Pending(client, text.slice(0, text.indexOf(" ")));
  }

  /** The status once the whole answer is there, `null` before. */
  get status(): number | null {
    return this.#status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.client.close();
  }
}

/** An origin that reads each body and gives each request the same answer. */
export function answering(status: number, body = "", ...fields: string[]): Promise<ScriptedOrigin> {
  return ScriptedOrigin.start(answer(status, body, ...fields));
}

/** An origin that holds its requests until it is told what to answer. */
export class HoldingOrigin implements AsyncDisposable {
  readonly origin: ScriptedOrigin;
  readonly #held: { readonly request: OriginRequest; readonly go: (bytes: string) => void }[];

  private constructor(origin: ScriptedOrigin, held: HoldingOrigin["held"]) {
    this.origin = origin;
    this.#held = held as HoldingOrigin["held"] & [];
  }

  static async start(): Promise<HoldingOrigin> {
    const held: { readonly request: OriginRequest; readonly go: (bytes: string) => void }[] = [];
    const origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      held.push({ request, go: resolve });
      const bytes = await Promise.race([promise, request.connection.gone().then(() => null)]);
      if (bytes !== null) await request.send(bytes);
    });
    return new HoldingOrigin(origin, held);
  }

  get url(): string {
    return this.origin.url;
  }

  /** Requests so far, answered ones too. */
  get count(): number {
    return this.#held.length;
  }

  get held(): readonly { readonly request: OriginRequest; readonly go: (bytes: string) => void }[] {
    return this.#held;
  }

  /** Answers the request at this place in order of arrival. */
  async release(index: number, bytes: string = answer(200, "ok")): Promise<void> {
    await until(() => this.#held.length > index, `request ${index} at the origin`);
    this.#held[index].go(bytes);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.origin[Symbol.asyncDispose]();
  }
}

/** A request that an origin holds. */
export type Held = HoldingOrigin["held"][number];

/** Some origins, and what comes to any of them, in the order in which it comes. */
export class HoldingOrigins implements AsyncDisposable {
  readonly #origins: readonly HoldingOrigin[];
  readonly #taken = new Set<Held>();

  private constructor(origins: readonly HoldingOrigin[]) {
    this.#origins = origins;
  }

  static async start(count: number): Promise<HoldingOrigins> {
    return new HoldingOrigins(await Promise.all(Array.from({ length: count }, () => HoldingOrigin.start())));
  }

  get urls(): readonly string[] {
    return this.#origins.map(({ url }) => url);
  }

  /** Requests so far, at all of them. */
  get count(): number {
    return this.#all().length;
  }

  /** The one that nobody has asked for yet. */
  async next(): Promise<Held> {
    const look = () => this.#all().find((held) => !this.#taken.has(held));
    await until(() => look() !== undefined, "a further request");
    const held = look()!;
    this.#taken.add(held);
    return held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#origins.map((origin) => origin[Symbol.asyncDispose]()));
  }

  #all(): readonly Held[] {
    return this.#origins.flatMap(({ held }) => held);
  }
}

/** Lets everything that is under way arrive: what has not happened by now needs a further cause. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 6; i++) await turn();
}

/** Connects as the runtime does, but never to these ports; counts what is tried. */
export class HangingPorts {
  readonly tried: number[] = [];
  /** Connects that were begun and not given up. */
  hanging = 0;
  readonly #ports: readonly number[];

  constructor(...ports: number[]) {
    this.#ports = ports;
  }

  readonly connect: Connect = (address, signal) => {
    this.tried.push(address.port);
    if (!this.#ports.includes(address.port)) return connect(address, signal);
    this.hanging++;
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        this.hanging--;
        reject(signal.reason);
      });
    });
  };
}
