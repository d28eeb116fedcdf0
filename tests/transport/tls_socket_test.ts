import { strict as assert } from "node:assert";
import { authority, clientCertificate, serverCertificate } from "../support/certificates.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil } from "../support/until.ts";
import { bodyText, TransportHarness } from "./harness.ts";

Deno.test("an answer over TLS, the connection kept", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "secret")], { tls: serverCertificate });
  await using client = new TransportHarness(origin.port, { tls: { ca: authority } });
  for (let i = 0; i < 3; i++) assert.equal(await bodyText(await client.reply()), "secret");
  assert.deepEqual([origin.connections.length, client.pool.idle], [1, 1]);
});

Deno.test("a large answer over TLS comes whole", async () => {
  const data = "0123456789".repeat(100_000);
  await using origin = await ScriptedOrigin.start([answer(200, data)], { tls: serverCertificate });
  await using client = new TransportHarness(origin.port, { tls: { ca: authority } });
  assert.equal(await bodyText(await client.reply()), data);
});

for (
  const [title, tls] of [
    ["an unknown authority", {}],
    ["another server name", { ca: authority, serverName: "other.example" }],
  ] as const
) {
  Deno.test(`${title} is refused before anything is sent`, async () => {
    await using origin = await ScriptedOrigin.start(
      { connection: async (connection) => void await connection.gone() },
      { tls: serverCertificate },
    );
    await using client = new TransportHarness(origin.port, { tls });
    const failure = await client.failure();
    assert.deepEqual([failure.code, failure.stage, failure.sent, failure.fault], [
      "tls_failed",
      "connect",
      false,
      "endpoint",
    ]);
    assert.equal(client.pool.size, 0);
  });
}

Deno.test("insecureSkipVerify takes any certificate", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "x")], { tls: serverCertificate });
  await using client = new TransportHarness(origin.port, { tls: { insecureSkipVerify: true } });
  assert.equal((await client.reply()).status, 200);
});

Deno.test("a client certificate is presented", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "x")], { tls: { ...serverCertificate, ca: authority } });
  await using client = new TransportHarness(origin.port, { tls: { ca: authority, ...clientCertificate } });
  assert.equal((await client.reply()).status, 200);
});

Deno.test("a peer that never shakes hands is a timeout", async () => {
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  await using client = new TransportHarness(origin.port, { tls: { ca: authority } });
  const outcome = client.failure();
  await origin.connection();
  await passUntil(client.clock, outcome, 50);
  assert.equal((await outcome).code, "connect_timeout");
});
