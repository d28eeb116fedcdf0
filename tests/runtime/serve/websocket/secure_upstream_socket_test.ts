import { strict as assert } from "node:assert";
import { defineGateway, secret } from "gatewright";
import { authority, serverCertificate } from "../../../support/certificates.ts";
import { ScriptedOrigin } from "../../../support/scripted_origin.ts";
import { TestGateway } from "../../../support/test_gateway.ts";
import { FrameWire } from "./frame_wire.ts";
import { BY_HAND, handshake, switching } from "./setup.ts";

Deno.test("an endpoint over TLS: messages, a close, and a client that is gone", async () => {
  await using origin = await ScriptedOrigin.start(BY_HAND, { tls: serverCertificate });
  const config = defineGateway({
    upstreams: { o: { endpoints: [origin.url], tls: { ca: secret.env("CA") } } },
    routes: [{ path: "/*", upstream: "o" }],
  });
  await using gateway = TestGateway.start(config, { secrets: () => ({ value: authority }) }, { engine: "serve" });
  for (const [index, end] of ["close", "gone"].entries()) {
    await using client = await gateway.connect();
    await client.send(handshake());
    const request = await origin.request(index);
    await request.send(switching(request));
    await client.responseHead();
    const near = new FrameWire(client, "client"), far = new FrameWire(request.connection, "server");
    const bytes = new Uint8Array(300_000).fill(7);
    await near.send(bytes);
    assert.deepEqual((await far.next()).payload, bytes);
    await far.send(bytes);
    assert.deepEqual((await near.next()).payload, bytes);
    if (end === "gone") await client.reset();
    else {
      await near.close(4000);
      assert.equal((await far.closed())[0], 4000);
      await far.close(4000);
    }
    await request.connection.ended();
    await request.connection.close();
    assert.equal((await gateway.event(index)).error, end === "gone" ? "client_closed_request" : "");
  }
});
