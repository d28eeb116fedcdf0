import { strict as assert } from "node:assert";
import { type ClientHttp2Session, connect } from "node:http2";
import { Reply } from "../../../src/core/reply.ts";
import { authority, serverCertificate } from "../../support/certificates.ts";
import { RawClient } from "../../support/raw_client.ts";
import { readText } from "../../support/exchange.ts";
import { Served } from "./engine.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A session in HTTP/2 that is closed at the end of its block. */
class Session implements AsyncDisposable {
  readonly #session: ClientHttp2Session;

  constructor(port: number) {
    this.#session = connect(`https://localhost:${port}`, { ca: authority });
  }

  async ask(headers: Record<string, string>, body = ""): Promise<Answer> {
    const stream = this.#session.request(headers, { endStream: body === "" });
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    let head: Readonly<Record<string, unknown>> = {}, text = "";
    stream.on("response", (fields) => head = fields);
    stream.on("data", (piece) => text += piece);
    stream.on("end", () => resolve({ status: Number(head[":status"]), headers: head, text }));
    stream.on("error", reject);
    if (body !== "") stream.end(body);
    return await promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#session.close(() => resolve()));
  }
}

const tlsClient = (port: number) => RawClient.connect(port, { tls: { ca: authority, alpn: ["http/1.1"] } });

Deno.test("HTTP/1.1 over TLS: the scheme is https, whatever the target says", async () => {
  await using served = new Served({ tls: serverCertificate });
  await using client = await tlsClient(served.port);
  assert.equal((await client.exchange("GET /a?b HTTP/1.1\r\nhost: a.example\r\n\r\n")).text, "ok");
  assert.equal((await client.exchange("GET http://b.example/c HTTP/1.1\r\nhost: a.example\r\n\r\n")).text, "ok");
  assert.deepEqual(
    served.exchanges.map(({ scheme, host, path, httpVersion }) => [scheme, host, path, httpVersion]),
    [["https", "a.example", "/a", "1.1"], ["https", "b.example", "/c", "1.1"]],
  );
});

Deno.test("HTTP/2 over TLS: :authority is the host, and Via will say 2", async () => {
  await using served = new Served({ tls: serverCertificate });
  await using session = new Session(served.port);
  for (const name of ["a.example", `localhost:${served.port}`, `127.0.0.1:${served.port}`]) {
    const { status, text } = await session.ask({ ":path": "/x?y", ":authority": name });
    assert.deepEqual([status, text], [200, "ok"], name);
    const { authority, path, query, scheme, httpVersion, upgrade } = served.exchanges.at(-1)!;
    assert.deepEqual([authority, path, query, scheme, httpVersion, upgrade], [name, "/x", "?y", "https", "2", ""]);
  }
});

Deno.test("HTTP/2: an :authority or a path that is none is refused as on HTTP/1.1", async () => {
  await using served = new Served({ tls: serverCertificate });
  await using session = new Session(served.port);
  assert.equal((await session.ask({ ":path": "/x", ":authority": "a_b@c" })).status, 400);
  assert.equal((await session.ask({ ":path": "/..%2Fx", ":authority": "a.example" })).status, 400);
  assert.deepEqual(served.exchanges, []);
});

Deno.test("HTTP/2: a body without a length arrives", async () => {
  await using served = new Served({
    tls: serverCertificate,
    handle: async ({ body }) => Reply.text(200, `got ${await readText(body)}`),
  });
  await using session = new Session(served.port);
  const { text } = await session.ask({ ":path": "/", ":method": "POST" }, "a body");
  assert.equal(text, "got a body");
});

Deno.test("HTTP/2: no field of a single hop is sent, not even while the gateway stops", async () => {
  await using served = new Served({ tls: serverCertificate });
  served.draining = true;
  await using session = new Session(served.port);
  const { status, headers } = await session.ask({ ":path": "/" });
  assert.deepEqual([status, headers.connection], [200, undefined]);
});

Deno.test("HTTP/1.1 over TLS with no Host but a Connection field is a 400: no HTTP/2 has one", async () => {
  await using served = new Served({ tls: serverCertificate });
  await using client = await tlsClient(served.port);
  assert.equal((await client.exchange("GET / HTTP/1.1\r\nconnection: keep-alive\r\n\r\n")).status, 400);
  assert.deepEqual(served.exchanges, []);
});

Deno.test("a bad certificate fails at the start", () => {
  assert.throws(() => new Served({ tls: { cert: "no PEM", key: serverCertificate.key } }));
});

Deno.test("a WebSocket over TLS asks for an upgrade, its scheme is https", async () => {
  await using served = new Served({ tls: serverCertificate });
  await using client = await tlsClient(served.port);
  const fields = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  await client.exchange(`GET /chat HTTP/1.1\r\nhost: a\r\n${fields}\r\n`);
  assert.deepEqual([served.exchanges[0].upgrade, served.exchanges[0].scheme], ["websocket", "https"]);
});
