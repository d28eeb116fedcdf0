import { strict as assert } from "node:assert";
import { authority, clientCertificate, serverCertificate } from "../support/certificates.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { FetchHarness, type FetchHarnessOptions } from "./fetch_harness.ts";
import { H2Origin } from "./fetch_origin.ts";
import { bodyText } from "./harness.ts";

const TRUSTED: FetchHarnessOptions = { hostname: "localhost", tls: { ca: authority } };

Deno.test("over TLS the protocol is HTTP/2 by ALPN", async () => {
  await using origin = await H2Origin.start((request) => request.answer(200, {}, "secret"), serverCertificate);
  await using client = new FetchHarness(origin.port, TRUSTED);
  for (let i = 0; i < 3; i++) assert.equal(await bodyText(await client.reply()), "secret");
  assert.equal(origin.sessions, 1);
  assert.deepEqual(origin.requests[0].fields.slice(2, 6), [
    ":scheme",
    "https",
    ":authority",
    `localhost:${origin.port}`,
  ]);
});

Deno.test("over TLS an endpoint may be an address", async () => {
  await using origin = await H2Origin.start((request) => request.answer(200, {}, "secret"), serverCertificate);
  await using client = new FetchHarness(origin.port, { tls: { ca: authority } });
  assert.equal(await bodyText(await client.reply()), "secret");
});

Deno.test("over TLS a client certificate is presented", async () => {
  const tls = { ...serverCertificate, ca: authority };
  await using origin = await H2Origin.start((request) => request.answer(200, {}, "secret"), tls);
  await using client = new FetchHarness(origin.port, { ...TRUSTED, tls: { ca: authority, ...clientCertificate } });
  assert.equal(await bodyText(await client.reply()), "secret");
  await using stranger = new FetchHarness(origin.port, TRUSTED);
  assert.equal((await stranger.send("GET")).ok, false);
  assert.equal(origin.requests.length, 1);
});

Deno.test("over TLS an unknown authority and a Host other than the endpoint's are refused before anything is sent", async () => {
  await using origin = await H2Origin.start((request) => request.answer(200, {}, "secret"), serverCertificate);
  await using client = new FetchHarness(origin.port, { hostname: "localhost", tls: {} });
  const failure = await client.failure("POST", { body: new Uint8Array(1) });
  assert.deepEqual([failure.code, failure.stage, failure.sent], ["tls_failed", "connect", false]);
  await using trusted = new FetchHarness(origin.port, TRUSTED);
  assert.equal((await trusted.failure("GET", { host: "a.example" })).code, "no_endpoint");
  assert.equal(origin.requests.length, 0);
});

for (
  const [what, alpn, stage] of [
    ["offers HTTP/1.1 only", ["http/1.1"], "connect"],
    ["knows no ALPN", undefined, "head"],
  ] as const
) {
  Deno.test(`a TLS server that ${what} is no endpoint in HTTP/2, and gets no request in HTTP/1.1`, async () => {
    const tls = { ...serverCertificate, alpn: alpn === undefined ? undefined : [...alpn] };
    const seen: string[] = [];
    await using origin = await ScriptedOrigin.start({
      async connection(connection) {
        seen.push(new TextDecoder().decode(await connection.take(3).catch(() => new Uint8Array(0))));
        await connection.send(answer(400)).catch(() => {});
      },
    }, { tls });
    await using client = new FetchHarness(origin.port, TRUSTED);
    const failure = await client.failure();
    assert.deepEqual([failure.code, failure.stage], ["upstream_protocol_error", stage]);
    assert.deepEqual(seen.filter((start) => start !== "PRI" && start !== ""), []);
  });
}

Deno.test("a server in cleartext is no TLS endpoint", async () => {
  await using origin = await H2Origin.start((request) => request.answer(200));
  await using client = new FetchHarness(origin.port, TRUSTED);
  assert.equal((await client.failure()).code, "tls_failed");
});
