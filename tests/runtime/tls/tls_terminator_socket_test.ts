import { strict as assert } from "node:assert";
import type { ListenerTlsPlan } from "../../../src/compile/plan.ts";
import { ConfigError } from "../../../src/core/issue.ts";
import { type LogLevel, logTo } from "../../../src/core/log.ts";
import { type Secret, secret, type SecretReader } from "../../../src/core/secret.ts";
import { TlsTerminator } from "../../../src/runtime/tls/tls_terminator.ts";
import {
  authority,
  type Certificate,
  certificateDirectory,
  clientCertificate,
  serverCertificate,
} from "../../support/certificates.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { requires } from "../../support/requires.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { sClient, welcome } from "./s_client.ts";
import { pair, readText, TlsClient, TlsHarness } from "./setup.ts";

/** Files that a test can change, a clock, and a log that is kept. */
class World {
  readonly clock = new FakeClock();
  readonly logged: [LogLevel, string, Record<string, unknown>?][] = [];
  readonly files = new Map<string, string>();

  constructor({ cert, key }: Certificate = serverCertificate) {
    this.put({ cert, key });
  }

  put({ cert, key }: Partial<Certificate>, at = ""): void {
    if (cert !== undefined) this.files.set(`${at}cert.pem`, cert);
    if (key !== undefined) this.files.set(`${at}key.pem`, key);
  }

  readonly read: SecretReader = ({ file = "", env }: Secret) => {
    const value = this.files.get(env ?? file);
    return value === undefined ? { error: `there is no file ${file}` } : { value };
  };

  terminator(settings: Partial<ListenerTlsPlan> = {}): TlsTerminator {
    const plan = {
      cert: secret.file("cert.pem"),
      key: secret.file("key.pem"),
      certificates: [],
      clientCertificates: null,
      http2: true,
      ...settings,
    };
    return new TlsTerminator(plan, {
      at: "listen.tls",
      secrets: this.read,
      clock: this.clock,
      log: logTo((...entry) => this.logged.push(entry)),
      timeout: 1000,
    });
  }

  get levels(): LogLevel[] {
    return this.logged.map(([level]) => level);
  }
}

/** The certificate that a new client sees. */
async function shown(harness: TlsHarness): Promise<string> {
  const { client, server } = await harness.pair();
  await client.close();
  server.stream.close();
  return client.told.name;
}

Deno.test("a changed certificate is for new connections; open ones keep theirs", async () => {
  const world = new World(), terminator = world.terminator();
  await using harness = new TlsHarness(terminator);
  const { client, server } = await harness.pair();
  world.put(pair("renewed"));
  world.clock.advance(1000);
  assert.equal(await shown(harness), "server.test", "it was taken at the first look");
  world.clock.advance(1000);
  assert.equal(await shown(harness), "renewed.test");
  assert.deepEqual(world.logged, [["info", "TLS certificates read again", {
    listener: "listen.tls",
    certificates: ["localhost"],
  }]]);
  await client.send("still");
  assert.equal(await readText(server.stream, 5), "still");
  await client.close();
  server.stream.close();
  terminator.close();
  assert.equal(world.clock.pending, 0);
});

Deno.test("a pair that is written one file after the other is never taken half-way", async () => {
  const world = new World(), terminator = world.terminator();
  await using harness = new TlsHarness(terminator);
  world.put({ cert: pair("renewed").cert });
  world.clock.advance(1000);
  world.put({ key: pair("renewed").key });
  world.clock.advance(1000);
  assert.equal(await shown(harness), "server.test");
  world.clock.advance(1000);
  assert.equal(await shown(harness), "renewed.test");
  assert.deepEqual(world.levels, ["info"]);
  terminator.close();
});

for (
  const [title, spoil] of [
    ["a key of another pair", (world: World) => world.put({ cert: pair("renewed").cert })],
    ["a file that is gone", (world: World) => void world.files.delete("key.pem")],
    ["junk", (world: World) => world.put({ cert: "junk" })],
    ["an empty file", (world: World) => world.put({ key: "" })],
    ["a key that the runtime does not take", (world: World) => world.put(pair("secp256k1"))],
  ] as const
) {
  Deno.test(`${title}: the earlier certificate stays, one warning, and the next good one is taken`, async () => {
    const world = new World(), terminator = world.terminator();
    await using harness = new TlsHarness(terminator);
    spoil(world);
    world.clock.advance(20_000);
    assert.deepEqual(world.levels, ["warn"]);
    assert.match(String(world.logged[0][2]?.problems), /^listen\.tls\.(?:cert|key): /);
    assert.equal(await shown(harness), "server.test");
    world.put(pair("renewed"));
    world.clock.advance(2000);
    assert.deepEqual(world.levels, ["warn", "info"]);
    assert.equal(await shown(harness), "renewed.test");
    terminator.close();
  });
}

Deno.test("what is put back is nothing new", () => {
  const world = new World(), terminator = world.terminator();
  world.put({ cert: "junk" });
  world.clock.advance(2000);
  world.put(serverCertificate);
  world.clock.advance(5000);
  assert.deepEqual(world.levels, ["warn"]);
  terminator.close();
});

Deno.test("it tells when the certificates in force expire", () => {
  const world = new World(), terminator = world.terminator();
  const ends = () => terminator.ends.map(({ at }) => new Date(at).getUTCFullYear());
  assert.deepEqual(ends(), [2120]);
  world.put(pair("expired"));
  world.clock.advance(1000);
  assert.deepEqual(ends(), [2120]);
  world.clock.advance(1000);
  assert.deepEqual(ends(), [2021]);
  world.put({ cert: "junk" });
  world.clock.advance(2000);
  assert.deepEqual(ends(), [2021], "what cannot be used is not in force");
  terminator.close();
});

Deno.test("an expired certificate is used; when it has come with a change, with a warning", async () => {
  const world = new World(), terminator = world.terminator();
  await using harness = new TlsHarness(terminator);
  world.put(pair("expired"));
  world.clock.advance(2000);
  assert.equal(await shown(harness), "expired.test");
  assert.deepEqual(world.levels, ["info", "warn"]);
  assert.match(
    String(world.logged[1][2]?.problems),
    /^listen\.tls\.cert: the certificate has expired; seen: localhost, valid to Jan/,
  );
  terminator.close();
});

Deno.test("a certificate that had expired before the start is used, and was warned of by the config's check", async () => {
  const world = new World(pair("expired")), terminator = world.terminator();
  await using harness = new TlsHarness(terminator);
  assert.equal(await shown(harness), "expired.test");
  assert.deepEqual(world.logged, []);
  terminator.close();
});

Deno.test("certificates of hosts and authorities are read again too", async () => {
  const world = new World();
  world.put(serverCertificate, "b/");
  world.files.set("ca.pem", pair("other").cert);
  const terminator = world.terminator({
    certificates: [{ hosts: ["localhost"], cert: secret.file("b/cert.pem"), key: secret.file("b/key.pem") }],
    clientCertificates: { ca: secret.file("ca.pem"), required: true },
  });
  await using harness = new TlsHarness(terminator);
  const refused = TlsClient.connect(harness.port, clientCertificate).catch(() => null);
  assert.equal((await harness.failed()).fault, "certificate");
  await (await refused)?.close();
  world.put(pair("renewed"), "b/");
  world.files.set("ca.pem", authority);
  world.clock.advance(2000);
  const { client, server } = await harness.pair(clientCertificate);
  assert.deepEqual([client.told.name, server.clientCertificate?.subject], ["renewed.test", "CN=client.test"]);
  await client.close();
  server.stream.close();
  terminator.close();
});

for (
  const [title, change, outcome] of [
    ["other authorities", { "ca.pem": pair("other").cert }, "certificate"],
    ["the same authorities", { "cert.pem": pair("renewed").cert, "key.pem": pair("renewed").key }, "CN=client.test"],
  ] as const
) {
  requires("openssl").test(`a session from before ${title} were read again: ${outcome}`, async () => {
    const world = new World();
    world.files.set("ca.pem", authority);
    const terminator = world.terminator({ clientCertificates: { ca: secret.file("ca.pem"), required: true } });
    await using dir = await TempDir.make();
    await using harness = new TlsHarness(terminator);
    const settings = { port: harness.port, version: "tls1_3", cert: `${certificateDirectory}/client.pem` } as const;
    const [, first] = await Promise.all([sClient({ ...settings, sessionTo: dir.join("session") }), welcome(harness)]);
    assert.equal(first, "CN=client.test");
    for (const [file, text] of Object.entries(change)) world.files.set(file, text);
    world.clock.advance(2000);
    assert.deepEqual(world.levels, ["info"]);
    const [, again] = await Promise.all([
      sClient({ ...settings, sessionFrom: dir.join("session") }),
      welcome(harness),
    ]);
    assert.equal(again, outcome);
    terminator.close();
  });
}

Deno.test("a certificate of the environment is not looked at again", () => {
  const world = new World();
  world.files.set("CERT", serverCertificate.cert).set("KEY", serverCertificate.key);
  world.terminator({ cert: secret.env("CERT"), key: secret.env("KEY") });
  assert.equal(world.clock.pending, 0);
});

Deno.test("a start names everything that is wrong, and where", () => {
  const world = new World();
  world.put({ cert: serverCertificate.cert, key: pair("other").key }, "b/");
  world.files.set("cert.pem", "junk");
  const settings = {
    certificates: [{ hosts: ["b.test"], cert: secret.file("b/cert.pem"), key: secret.file("b/key.pem") }],
    clientCertificates: { ca: secret.file("key.pem"), required: true },
  };
  assert.throws(() => world.terminator(settings), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(error.issues.map(({ path }) => path), [
      "listen.tls.cert",
      "listen.tls.certificates[0].key",
      "listen.tls.clientCertificates.ca",
    ]);
    return true;
  });
  world.files.clear();
  assert.throws(
    () => world.terminator(settings),
    /listen\.tls\.cert: this file is missing: there is no file cert\.pem\n {2}seen: secret\.file\("cert\.pem"\)/,
  );
  assert.equal(world.clock.pending, 0);
});
