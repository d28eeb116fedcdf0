/**
 * What one proxied request costs beside the system's work: the whole path through engine, chain and client over streams
 * in memory.
 *
 * @module
 */
import { compilePlan } from "../src/compile/compile.ts";
import { assemble } from "../src/compile/assemble.ts";
import { validateConfig } from "../src/config/validate.ts";
import type { ByteStream } from "../src/core/byte_stream.ts";
import { systemClock } from "../src/core/clock.ts";
import { Events } from "../src/core/events.ts";
import { silentLog } from "../src/core/log.ts";
import { TimerWheel } from "../src/core/timer_wheel.ts";
import { CidrSet } from "../src/http/cidr.ts";
import { ClientAddresses } from "../src/http/client_address.ts";
import { RequestIds } from "../src/http/request_id.ts";
import { defineGateway, definePolicy } from "gatewright";
import { SharedRegions } from "../src/runtime/shared_regions.ts";
import { overloadReply } from "../src/runtime/intake/overload.ts";
import { H1Engine } from "../src/runtime/listener/h1_engine.ts";
import { Methods } from "../src/runtime/intake/method.ts";
import { Http1Client } from "../src/transport/http1_client.ts";
import { realistic } from "./load/scenarios/realistic.ts";

const encode = (text: string) => new TextEncoder().encode(text);

const REQUEST = encode(
  `GET ${realistic.path} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n` +
    realistic.requestHeaders.map(([name, value]) => `${name}: ${value}\r\n`).join("") + "\r\n",
);
const BODY = "x".repeat(207);
const RESPONSE = encode(
  "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\nContent-Type: application/json\r\n" +
    `Content-Length: ${BODY.length}\r\nConnection: keep-alive\r\nCache-Control: private, max-age=30\r\n` +
    'ETag: "5d8c72a5edda8"\r\nVary: Accept-Encoding, Origin\r\nX-Content-Type-Options: nosniff\r\n' +
    "Strict-Transport-Security: max-age=63072000\r\nAccess-Control-Allow-Origin: https://app.example.com\r\n" +
    `X-RateLimit-Remaining: 4999\r\n\r\n${BODY}`,
);

/** Answers each write with the same bytes. */
class Endpoint implements ByteStream {
  #wake: ((count: number) => void) | null = null;
  #into: Uint8Array = new Uint8Array(0);

  read(into: Uint8Array): Promise<number> {
    this.#into = into;
    return new Promise((resolve) => this.#wake = resolve);
  }

  write(bytes: Uint8Array): Promise<number> {
    queueMicrotask(() => {
      this.#into.set(RESPONSE);
      this.#wake!(RESPONSE.length);
    });
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}
}

/** Asks the same again as soon as it is answered, so many times. */
class Client implements ByteStream {
  readonly done = Promise.withResolvers<void>();
  #left: number;
  #wake: ((count: number) => void) | null = null;
  #into: Uint8Array = new Uint8Array(0);
  #asked = false;

  constructor(requests: number) {
    this.#left = requests;
  }

  read(into: Uint8Array): Promise<number> {
    this.#into = into;
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (!this.#asked) this.#ask();
    });
  }

  write(bytes: Uint8Array): Promise<number> {
    if (--this.#left === 0) this.done.resolve();
    else queueMicrotask(() => this.#ask());
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}

  #ask(): void {
    this.#asked = true;
    this.#into.set(REQUEST);
    this.#wake!(REQUEST.length);
  }
}

const passThrough = definePolicy({ name: "passThrough", handle: (_ctx, next) => next() });
const valid = validateConfig(defineGateway({
  listen: { hostname: "127.0.0.1", port: 0 },
  admin: false,
  upstreams: { origin: "http://127.0.0.1:1" },
  policies: [passThrough],
  routes: [{ path: "/", upstream: "origin" }, { path: "/api/users/:id", upstream: "origin" }],
}));
const { plan } = compilePlan(valid.config!);
const clock = systemClock, deadlines = new TimerWheel(clock), events = new Events();
const { handle } = assemble(plan, {
  clock,
  tracing: null,
  random: () => 0.5,
  log: silentLog,
  failed(_exchange, cause) {
    throw cause;
  },
  events,
  secrets: () => ({ error: "none" }),
  regions: new SharedRegions(),
  deadlines,
  state: (_id, _shape, create) => create(),
  knob: (id, value) => ({ id, value }),
}, new Http1Client(() => Promise.resolve(new Endpoint()), deadlines));
const engine = new H1Engine({
  listen: plan.listeners[0],
  tls: null,
  host: {
    handle,
    crashed: (_exchange, cause) => {
      throw cause;
    },
    overloaded: overloadReply,
    local: (exchange, answer) => answer(exchange),
    completed() {},
    draining: false,
    requestIdField: "x-request-id",
  },
  facts: {
    paths: plan.paths,
    clients: new ClientAddresses(CidrSet.EMPTY),
    requestIds: new RequestIds({ accept: "any" }),
    requestIdField: "x-request-id",
    methods: new Methods([]),
    clock,
  },
  clock,
  log: silentLog,
});

const REQUESTS = 2000;
Deno.bench(`${REQUESTS} proxied requests, nine fields up and twelve down`, async () => {
  const client = new Client(REQUESTS);
  engine.serve({
    stream: client,
    client: engine.admit("127.0.0.1")!,
    protocol: "http/1.1",
    ready: null,
    due: Infinity,
  });
  await client.done.promise;
});
