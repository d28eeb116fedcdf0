import { strict as assert } from "node:assert";
import { HealthCheck } from "../../../src/upstreams/health/health_check.ts";
import { tcpProbe } from "../../../src/upstreams/health/tcp_probe.ts";
import { authority, serverCertificate } from "../../support/certificates.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { until } from "../../support/until.ts";
import { ProbeHarness, TIMEOUT, tlsSettings } from "./probe_harness.ts";

/** Keeps connections until the other side is gone. */
const SILENT = {
  connection: async (connection: { gone(): Promise<unknown> }) => void await connection.gone(),
};

Deno.test("tcpProbe() passes when it is connected; it sends nothing and closes", async () => {
  await using origin = await ScriptedOrigin.start(SILENT);
  using harness = new ProbeHarness();
  assert.equal(await harness.run(harness.tcp(origin.port)), "passed");
  assert.deepEqual([harness.made, harness.open, harness.deadlines.size], [1, 0, 0]);
  const connection = await origin.connection();
  await connection.gone();
  assert.equal(connection.receivedText, "");
});

Deno.test("tcpProbe() connects to Unix sockets", async () => {
  await using dir = await TempDir.make();
  const path = dir.join("origin.sock");
  await using origin = await ScriptedOrigin.start(SILENT, { path });
  using harness = new ProbeHarness();
  const address = { hostname: "localhost", port: 0, path, tls: null };
  assert.equal(await harness.run(tcpProbe(harness.connect, address, TIMEOUT, harness.deadlines)), "passed");
  await origin.connection();
  assert.equal(harness.open, 0);
});

Deno.test("tcpProbe() tells that a connection was refused", async () => {
  const origin = await ScriptedOrigin.start(SILENT);
  await origin[Symbol.asyncDispose]();
  using harness = new ProbeHarness();
  assert.equal(await harness.run(harness.tcp(origin.port)), "connection refused");
  assert.equal(await harness.run(harness.tcp(origin.port, tlsSettings({}))), "connection refused");
  assert.equal(harness.deadlines.size, 0);
});

Deno.test("tcpProbe() over TLS shakes hands and verifies", async () => {
  await using origin = await ScriptedOrigin.start(SILENT, { tls: serverCertificate });
  using harness = new ProbeHarness();
  assert.equal(await harness.run(harness.tcp(origin.port, tlsSettings({ ca: authority }))), "passed");
  assert.match(await harness.run(harness.tcp(origin.port, tlsSettings({}))), /^no secure connection: ./);
  assert.deepEqual([harness.open, harness.deadlines.size], [0, 0]);
});

Deno.test("tcpProbe() over TLS gives up a handshake that never ends, or that is cancelled", async () => {
  await using origin = await ScriptedOrigin.start(SILENT);
  using harness = new ProbeHarness();
  const probe = harness.tcp(origin.port, tlsSettings({ ca: authority }));
  assert.deepEqual(await harness.runLong(probe, origin.connection()), ["no connection within 2s", 2_000]);
  assert.deepEqual([harness.open, harness.deadlines.size], [0, 0]);

  let told = false;
  const cancel = probe(() => told = true);
  const connection = await origin.connection(1);
  cancel();
  await until(() => harness.open === 0 && harness.deadlines.size === 0);
  await connection.gone();
  assert.equal(told, false);
});

Deno.test("a check sees an endpoint die and return", async () => {
  using harness = new ProbeHarness();
  let origin = await ScriptedOrigin.start(answer(200));
  const { port } = origin, changes: string[] = [];
  const plan = {
    probe: { kind: "tcp" },
    interval: 1_000,
    jitter: 0,
    timeout: TIMEOUT,
    rise: 2,
    fall: 2,
    start: "up",
  } as const;
  const world = { clock: harness.clock, deadlines: harness.deadlines, random: () => 0 };
  const check = new HealthCheck(plan, harness.http(port), world, (up, reason) => changes.push(`${up}: ${reason}`));
  /** Lets time pass until there is another report. */
  const probed = async () => {
    const before = check.lastProbe;
    while (check.lastProbe === before) await harness.clock.pass(50);
  };
  try {
    check.start();
    await probed();
    assert.deepEqual([check.up, check.lastProbe?.passed], [true, true]);
    await origin[Symbol.asyncDispose]();
    await probed();
    assert.equal(check.up, true);
    await probed();
    assert.equal(check.up, false);
    origin = await ScriptedOrigin.start(answer(200), { port });
    await probed();
    await probed();
    assert.deepEqual(changes, ["false: 2 probes failed: connection refused", "true: 2 probes passed"]);
  } finally {
    check.close();
    await origin[Symbol.asyncDispose]();
  }
  assert.deepEqual([harness.open, harness.deadlines.size], [0, 0]);
});
