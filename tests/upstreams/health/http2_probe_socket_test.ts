import { strict as assert } from "node:assert";
import { FetchTransport } from "../../../src/transport/fetch_transport.ts";
import type { TlsSettings } from "../../../src/transport/socket.ts";
import { httpProbe } from "../../../src/upstreams/health/http_probe.ts";
import type { Probe } from "../../../src/upstreams/health/probe.ts";
import { authority, serverCertificate } from "../../support/certificates.ts";
import { passUntil, until } from "../../support/until.ts";
import { FrameOrigin, H2Origin, type H2Script } from "../../transport/fetch_origin.ts";
import { type HttpPlan, ProbeHarness, TIMEOUT, tlsSettings } from "./probe_harness.ts";

const OK: H2Script = (request) => request.answer(200, {}, "all well");

/** A probe in HTTP/2. */
function probeOf(
  harness: ProbeHarness,
  port: number,
  changes: Partial<HttpPlan> = {},
  tls: TlsSettings | null = null,
): Probe {
  const hostname = tls === null ? "127.0.0.1" : "localhost", at = `${hostname}:${port}`;
  const open = () => new FetchTransport({ hostname, port, tls }, at, { max: 1, idle: 1_000 }, harness.deadlines);
  const plan: HttpPlan = {
    kind: "http",
    method: "GET",
    path: "/healthz",
    host: null,
    headers: [],
    statuses: [[200, 299]],
    body: null,
    ...changes,
  };
  return httpProbe(open, plan, at, TIMEOUT, harness.deadlines);
}

for (const tls of [null, tlsSettings({ ca: authority })]) {
  Deno.test(`probes in HTTP/2 ${tls === null ? "in cleartext" : "over TLS"}: a connection each`, async () => {
    await using origin = await H2Origin.start(OK, tls === null ? undefined : serverCertificate);
    using harness = new ProbeHarness();
    const probe = probeOf(harness, origin.port, { body: "^all well$" }, tls);
    for (let i = 1; i <= 2; i++) {
      assert.equal(await harness.run(probe), "passed");
      assert.equal(origin.sessions, i);
      await until(() => origin.open === 0);
    }
    const [request] = origin.requests;
    assert.deepEqual(request.all(":path"), ["/healthz"]);
    assert.deepEqual(request.all("user-agent"), ["gatewright-health"]);
    assert.equal(harness.deadlines.size, 0);
  });
}

Deno.test("failures in HTTP/2 have the same words", async () => {
  await using origin = await H2Origin.start((request) => request.answer(503));
  using harness = new ProbeHarness();
  assert.equal(await harness.run(probeOf(harness, origin.port)), "status 503");
  // The client settles this one before `send` returns.
  const dots = await harness.run(probeOf(harness, origin.port, { path: "/../x" }));
  assert.equal(dots, "not sent: the runtime's client would change the path");
  assert.equal(origin.requests.length, 1);
  assert.equal(harness.deadlines.size, 0);
});

Deno.test("a probe in HTTP/2 that is not answered, or cancelled, leaves nothing open", async () => {
  await using origin = await FrameOrigin.start(() => {});
  using harness = new ProbeHarness();
  const asked = until(() => origin.requests > 0);
  assert.deepEqual(await harness.runLong(probeOf(harness, origin.port), asked), ["no answer within 2s", 2_000]);
  await until(() => origin.open === 0);
  assert.equal(harness.deadlines.size, 0);
  const cancel = probeOf(harness, origin.port)(() => assert.fail("told"));
  await until(() => origin.requests > 1);
  cancel();
  await passUntil(harness.clock, until(() => origin.open === 0), 50);
  assert.equal(harness.deadlines.size, 0);
});
