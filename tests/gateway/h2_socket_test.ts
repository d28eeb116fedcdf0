import { strict as assert } from "node:assert";
import { type EventEmitter, once } from "node:events";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import type { TLSSocket } from "node:tls";
import { defineGateway } from "gatewright";
import type { GatewayWorld } from "../../src/gateway.ts";
import { guarded, pair } from "../runtime/tls/setup.ts";
import { authority, type Certificate, clientCertificate, serverCertificate } from "../support/certificates.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginScript, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway, type TestListener } from "../support/test_gateway.ts";

/** PEM files by their path. */
class Files {
  readonly #texts = new Map<string, string>([["/tls/ca.pem", authority]]);

  constructor() {
    this.put("server", serverCertificate);
  }

  put(name: string, { cert, key }: Certificate): void {
    this.#texts.set(`/tls/${name}.pem`, cert).set(`/tls/${name}.key`, key);
  }

  readonly read: GatewayWorld["secrets"] = ({ file }) => {
    const value = this.#texts.get(file!);
    return value === undefined ? { error: "there is no such file" } : { value };
  };
}

/** What a config says of a pair. */
const named = (name: string) => ({ cert: `/tls/${name}.pem`, key: `/tls/${name}.key` });

function start(origin: ScriptedOrigin, tls: TestListener["tls"], world: Partial<GatewayWorld>): TestGateway {
  const config = defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://origin" }] });
  return TestGateway.start(config, world, { tls });
}

/** What the next event of this name brings. */
async function next(emitter: EventEmitter, name: string): Promise<unknown> {
  return (await guarded(once(emitter, name), name))[0];
}

/** A client that speaks HTTP/2. */
class Client implements AsyncDisposable {
  readonly session: ClientHttp2Session;
  readonly #closed = Promise.withResolvers<void>();

  constructor({ url }: TestGateway, options: Partial<Certificate> & { servername?: string; ca?: string } = {}) {
    this.session = connect(url, { ca: authority, ...options });
    this.session.on("error", () => {});
    this.session.on("close", () => this.#closed.resolve());
  }

  /** The common name in the certificate that it was shown. */
  async shown(): Promise<string> {
    if (this.session.connecting) await next(this.session, "connect");
    return (this.session.socket as TLSSocket).getPeerCertificate().subject.CN as string;
  }

  /** The status of a request without a body, or `null` where the connection ended instead. */
  async ask(): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const stream = this.session.request({ ":path": "/" });
    stream.on("error", () => {}).on("response", (head) => resolve(head[":status"])).on("close", () => resolve(null));
    stream.resume();
    return await guarded(promise, "an answer");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.destroy();
    await this.#closed.promise;
  }
}

/**
 * Answers each of two messages when it is there; then come trailers, which say what `te` the request had.
 *
 * @param ends takes what comes behind the messages
 */
const conversation = (ends: string[]): OriginScript => ({
  async connection(connection) {
    const request = await connection.nextRequest();
    await connection.takeUntil("<first question>");
    await connection.send(
      "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ntransfer-encoding: chunked\r\n\r\n",
      "e\r\n<first answer>\r\n",
    );
    await connection.takeUntil("<second question>");
    ends.push(await connection.takeUntil("\r\n\r\n"));
    await connection.send(
      `f\r\n<second answer>\r\n0\r\ngrpc-status: 0\r\nx-te: ${request?.header("te")}\r\n\r\n`,
    );
    await connection.gone();
  },
});

for (const te of [true, false]) {
  Deno.test(`messages go both ways while a stream lasts, and trailers to a client that ${te ? "takes" : "does not take"} them`, async () => {
    const ends: string[] = [];
    await using origin = await ScriptedOrigin.start(conversation(ends));
    await using gateway = start(origin, named("server"), { secrets: new Files().read });
    await using client = new Client(gateway);
    const stream = client.session.request(
      {
        ":method": "POST",
        ":path": "/service/method",
        "content-type": "application/grpc",
        ...(te && { te: "trailers" }),
      },
      { waitForTrailers: true },
    );
    let trailers: unknown = null;
    stream.on("trailers", (fields) => trailers = Object.fromEntries(Object.entries(fields)));
    stream.on("wantTrailers", () => stream.sendTrailers({ "x-sum": "1" }));
    stream.setEncoding("utf8").write("<first question>");
    const head = await next(stream, "response") as IncomingHttpHeaders;
    assert.deepEqual([head[":status"], head["content-type"]], [200, "application/grpc"]);
    assert.equal(await next(stream, "data"), "<first answer>");
    stream.end("<second question>");
    assert.equal(await next(stream, "data"), "<second answer>");
    await next(stream, "close");
    assert.deepEqual(ends, ["\r\n0\r\nx-sum: 1\r\n\r\n"]);
    assert.deepEqual(trailers, te ? { "grpc-status": "0", "x-te": "trailers" } : null);
    assert.equal((await gateway.event()).error, "");
  });
}

Deno.test("each host has its certificate, and files that change are read again", async () => {
  const files = new Files(), clock = new FakeClock();
  files.put("other", pair("other"));
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  const tls = { ...named("server"), certificates: [{ hosts: ["other.test", "*.other.test"], ...named("other") }] };
  await using gateway = start(origin, tls, { secrets: files.read, clock });
  await using early = new Client(gateway);
  await using other = new Client(gateway, { servername: "a.other.test", ca: pair("other").cert });
  assert.deepEqual([await early.shown(), await other.shown()], ["server.test", "other.test"]);
  files.put("server", pair("renewed"));
  await clock.pass(1_900);
  await using between = new Client(gateway);
  assert.equal(await between.shown(), "server.test");
  await clock.pass(200);
  await using late = new Client(gateway, { servername: "localhost", ca: pair("renewed").cert });
  await using same = new Client(gateway, { servername: "other.test", ca: pair("other").cert });
  assert.deepEqual([await late.shown(), await same.shown()], ["renewed.test", "other.test"]);
  for (const client of [early, other, late]) assert.equal(await client.ask(), 200);
  assert.deepEqual(gateway.log.map(({ message }) => message), ["TLS certificates read again"]);
});

Deno.test("where a client certificate is required, only who has one is served", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  const tls = { ...named("server"), clientCertificates: { ca: "/tls/ca.pem" } };
  await using gateway = start(origin, tls, { secrets: new Files().read });
  const told: unknown[] = [];
  for (const certificate of [{}, pair("stranger"), clientCertificate]) {
    await using client = new Client(gateway, certificate);
    told.push(await client.ask());
  }
  assert.deepEqual([told, origin.requests.length], [[null, null, 200], 1]);
});
