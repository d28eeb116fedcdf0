/** A client and an endpoint with a gateway of engine `serve` between them. @module */

import { defineGateway } from "gatewright";
import { acceptKey, newWebSocketKey } from "../../../../src/http/websocket/accept_key.ts";
import type { FakeClock } from "../../../support/fake_clock.ts";
import type { ResponseHead } from "../../../support/http_message.ts";
import type { RawClient } from "../../../support/raw_client.ts";
import { type OriginRequest, ScriptedOrigin } from "../../../support/scripted_origin.ts";
import { TestGateway } from "../../../support/test_gateway.ts";
import { FrameWire } from "./frame_wire.ts";

/** The endpoint's part is played by the test itself. */
export const BY_HAND = (request: OriginRequest): Promise<void> => request.hang();

/** Where a test departs from the usual. */
export interface Setup {
  readonly clock?: FakeClock;
  /** How long stopping may take. */
  readonly grace?: `${number}s`;
  /** Most requests under way. */
  readonly inFlight?: number;
}

/** A gateway that sends everything to one origin. */
export function gatewayTo(origin: ScriptedOrigin, { clock, grace = "30s", inFlight }: Setup = {}): TestGateway {
  const config = defineGateway({
    shutdown: { grace },
    upstreams: { o: { endpoints: [origin.url], retry: false } },
    routes: [{ path: "/*", upstream: "o" }],
  });
  return TestGateway.start(config, clock === undefined ? {} : { clock }, { engine: "serve", limits: { inFlight } });
}

/** A handshake as a client sends it. */
export function handshake(...fields: string[]): string {
  return [
    "GET /chat?room=1 HTTP/1.1",
    "host: a.example",
    "connection: keep-alive, Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    `sec-websocket-key: ${newWebSocketKey()}`,
    ...fields,
  ].join("\r\n") + "\r\n\r\n";
}

/** The 101 to a handshake, without the fields named in `but`. */
export function switching(request: OriginRequest, ...fields: string[]): string {
  return [
    "HTTP/1.1 101 Switching Protocols",
    "connection: Upgrade",
    "upgrade: websocket",
    `sec-websocket-accept: ${acceptKey(request.header("sec-websocket-key") ?? "")}`,
    ...fields,
  ].join("\r\n") + "\r\n\r\n";
}

/** An open WebSocket through a gateway. Dispose of it to close everything. */
export class OpenSocket implements AsyncDisposable {
  private constructor(
    readonly gateway: TestGateway,
    readonly origin: ScriptedOrigin,
    readonly request: OriginRequest,
    readonly rawClient: RawClient,
    /** The 101 that the client got. */
    readonly head: ResponseHead,
    /** The client's side. */
    readonly client: FrameWire,
    /** The endpoint's side. */
    readonly endpoint: FrameWire,
  ) {}

  static async open(setup: Setup = {}): Promise<OpenSocket> {
    const origin = await ScriptedOrigin.start(BY_HAND), gateway = gatewayTo(origin, setup);
    const client = await gateway.connect();
    await client.send(handshake());
    const request = await origin.request();
    await request.send(switching(request));
    const head = await client.responseHead();
    const near = new FrameWire(client, "client"), far = new FrameWire(request.connection, "server");
    return new OpenSocket(gateway, origin, request, client, head, near, far);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rawClient.close();
    await this.request.connection.close();
    await this.gateway[Symbol.asyncDispose]();
    await this.origin[Symbol.asyncDispose]();
  }
}
