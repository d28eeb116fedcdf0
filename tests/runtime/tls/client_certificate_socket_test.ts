import { strict as assert } from "node:assert";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type TlsOptions, type TLSSocket } from "node:tls";
import { HandshakeError } from "../../../src/runtime/tls/handshake_error.ts";
import { authority, certificateDirectory, clientCertificate, serverCertificate } from "../../support/certificates.ts";
import { requires } from "../../support/requires.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { sClient, welcome } from "./s_client.ts";
import { handshakesBy, material, pair, readText, TlsClient, TlsHarness } from "./setup.ts";

const STRANGER = `${import.meta.dirname}/certificates/stranger.pem`, KNOWN = `${certificateDirectory}/client.pem`;

function asking(required: boolean): TlsHarness {
  return new TlsHarness(handshakesBy(material({ clientCertificates: { ca: authority, required } })));
}

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  for (
    const [shown, required, outcome] of [
      ["no certificate", true, "refused"],
      ["no certificate", false, "anonymous"],
      ["its certificate", true, "known"],
      ["its certificate", false, "known"],
      ["a stranger's certificate", true, "refused"],
      ["a stranger's certificate", false, "refused"],
    ] as const
  ) {
    Deno.test(`${version}, ${required ? "required" : "optional"}: a client with ${shown} is ${outcome}`, async () => {
      const certificate = { "no certificate": {}, "its certificate": clientCertificate }[shown as string] ??
        pair("stranger");
      await using harness = asking(required);
      const connecting = TlsClient.connect(harness.port, { maxVersion: version, ...certificate })
        .then(async (client) => {
          await client.send("ping").catch(() => {});
          return client;
        }, () => null);
      const got = await harness.outcome();
      if (outcome === "refused") {
        assert.ok(got instanceof HandshakeError, "it was let in");
        assert.equal(got.fault, "certificate", got.message);
      } else {
        assert.ok(!(got instanceof HandshakeError), String(got));
        const { stream, clientCertificate } = got;
        assert.equal(await readText(stream, 4), "ping");
        if (outcome === "anonymous") assert.equal(clientCertificate, null);
        else {
          assert.equal(clientCertificate?.subject, "CN=client.test");
          assert.equal(clientCertificate?.validTo, Date.UTC(2120, 0, 1));
          assert.match(clientCertificate?.fingerprint ?? "", /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
        }
        stream.close();
      }
      const client = await connecting;
      await client?.ended();
      await client?.close();
    });
  }
}

/** Another TLS server of this process, which lets in anybody; its tickets are good for every one. */
async function lenient(options: TlsOptions): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({ ...serverCertificate, rejectUnauthorized: false, ...options }, (socket: TLSSocket) => {
    socket.on("error", () => {});
    socket.resume();
    socket.end("welcome");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

for (const version of ["tls1_2", "tls1_3"] as const) {
  const test = (name: string, fn: () => Promise<void>) => requires("openssl").test(`${version}: ${name}`, fn);

  test("a resumed session is the client's that was verified", async () => {
    await using dir = await TempDir.make();
    await using harness = asking(true);
    const session = dir.join("session");
    const [, first] = await Promise.all([
      sClient({ port: harness.port, version, cert: KNOWN, sessionTo: session }),
      welcome(harness),
    ]);
    const [{ resumed, received }, second] = await Promise.all([
      sClient({ port: harness.port, version, cert: KNOWN, sessionFrom: session }),
      welcome(harness),
    ]);
    assert.deepEqual([first, resumed, received, second], ["CN=client.test", true, "welcome", "CN=client.test"]);
  });

  for (
    const [title, options, cert, required, outcome] of [
      ["without certificates", {}, undefined, true, "certificate"],
      ["without certificates", {}, undefined, false, "anonymous"],
      ["that takes any certificate", { requestCert: true, ca: authority }, STRANGER, true, "certificate"],
      ["that takes any certificate", { requestCert: true, ca: authority }, STRANGER, false, "certificate"],
    ] as const
  ) {
    test(`a session of another listener ${title}, ${required ? "required" : "optional"}: ${outcome}`, async () => {
      await using dir = await TempDir.make();
      await using harness = asking(required);
      const other = await lenient(options), session = dir.join("session");
      const earlier = await sClient({ port: other.port, version, cert, sessionTo: session });
      assert.equal(earlier.received, "welcome");
      const [{ received }, took] = await Promise.all([
        sClient({ port: harness.port, version, cert, sessionFrom: session }),
        welcome(harness),
      ]);
      assert.deepEqual([took, received], [outcome, outcome === "anonymous" ? "welcome" : ""]);
      await other.close();
    });
  }
}
