import { turn } from "../../support/turn.ts";
import { strict as assert } from "node:assert";
import { connect } from "node:net";
import type { ByteStream } from "../../../src/core/byte_stream.ts";
import type { Secured } from "../../../src/runtime/tls/tls_handshakes.ts";
import { authority } from "../../support/certificates.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { until } from "../../support/until.ts";
import { guarded, handshakesBy, material, pattern, readBytes, readText, TlsHarness, writeText } from "./setup.ts";

const MIB = 1024 * 1024;

async function writeAll(stream: Pick<ByteStream, "write">, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
}

/** A stream that keeps the length of each write to the one below. */
class Counted implements ByteStream {
  readonly writes: number[] = [];
  readonly reads: number[] = [];
  constructor(readonly below: ByteStream) {}
  async read(into: Uint8Array): Promise<number | null> {
    const count = await this.below.read(into);
    this.reads.push(count ?? 0);
    return count;
  }
  write(bytes: Uint8Array): Promise<number> {
    this.writes.push(bytes.length);
    return this.below.write(bytes);
  }
  closeWrite(): Promise<void> {
    return this.below.closeWrite();
  }
  close(): void {
    this.below.close();
  }
}

/** A harness whose connections are counted. */
function counting(clock?: FakeClock): { harness: TlsHarness; counted: Counted[] } {
  const counted: Counted[] = [];
  const harness = new TlsHarness(handshakesBy(material(), clock), {
    before: (conn) => {
      counted.push(new Counted(conn));
      return Promise.resolve({ stream: counted.at(-1)!, first: null });
    },
  });
  return { harness, counted };
}

Deno.test("a MiB each way at once arrives byte for byte", async () => {
  await using harness = new TlsHarness();
  const { client, server: { stream } } = await harness.pair();
  const up = pattern(MIB, 3), down = pattern(MIB, 5);
  const [, , heard, told] = await Promise.all([
    client.send(up),
    writeAll(stream, down),
    readBytes(stream, MIB),
    client.take(MIB),
  ]);
  assert.ok(Buffer.from(heard).equals(up), "the upload differs");
  assert.ok(Buffer.from(told).equals(down), "the download differs");
  await client.close();
  stream.close();
});

Deno.test("small reads take a large piece bit by bit", async () => {
  await using harness = new TlsHarness();
  const { client, server: { stream } } = await harness.pair();
  const bytes = pattern(10_000);
  await client.send(bytes);
  const heard: number[] = [], into = new Uint8Array(7);
  while (heard.length < bytes.length) {
    const count = await guarded(stream.read(into), "more");
    assert.ok(count !== null && count > 0 && count <= 7);
    heard.push(...into.subarray(0, count));
  }
  assert.deepEqual(heard, [...bytes]);
  await client.close();
  stream.close();
});

Deno.test("a buffer may be used again when its write has settled", async () => {
  await using harness = new TlsHarness();
  const { client, server: { stream } } = await harness.pair();
  const buffer = new Uint8Array(100_000), sent: number[] = [];
  for (let i = 1; i <= 20; i++) {
    await writeAll(stream, buffer.fill(i));
    sent.push(i);
  }
  const heard = await client.take(2_000_000);
  assert.deepEqual(sent.filter((i) => !heard.subarray((i - 1) * 100_000, i * 100_000).every((byte) => byte === i)), []);
  await client.close();
  stream.close();
});

for (const size of [1, 200, 1400, 2000, 16_384]) {
  Deno.test(`a write of ${size} bytes is one write of ciphertext`, async () => {
    const { harness, counted } = counting();
    await using _ = harness;
    const { client, server: { stream } } = await harness.pair();
    counted[0].writes.length = 0;
    assert.equal(await stream.write(pattern(size)), size);
    assert.equal(counted[0].writes.length, 1);
    assert.ok(counted[0].writes[0] < size + 64, "more than one record's overhead");
    await client.take(size);
    await client.close();
    stream.close();
  });
}

Deno.test("a client that is not read from is held back by the kernel, and loses nothing", async () => {
  const { harness, counted } = counting();
  await using _ = harness;
  const { client, server: { stream } } = await harness.pair();
  const bytes = pattern(16 * MIB), before = counted[0].reads.length;
  const sending = client.send(bytes);
  // Far longer than 16 MiB take when nothing holds them back.
  for (let turns = 0; turns < 500; turns++) await turn();
  assert.equal(counted[0].reads.length, before, "ciphertext was read though nobody had asked for cleartext");
  assert.ok(Buffer.from(await readBytes(stream, bytes.length)).equals(bytes));
  await sending;
  await client.close();
  stream.close();
});

/** A client of the runtime's own, which takes from the kernel only what is asked of it; `node:tls` takes everything. */
async function lazyClient(harness: TlsHarness): Promise<{ client: Deno.TlsConn; server: Secured }> {
  const connecting = Deno.connectTls({ hostname: "127.0.0.1", port: harness.port, caCerts: [authority] });
  const [client, server] = await Promise.all([
    connecting.then(async (conn) => {
      await conn.handshake();
      return conn;
    }),
    harness.secured(),
  ]);
  return { client, server };
}

/** Resolves when a count has not changed for many turns of the event loop. */
async function still(count: () => number): Promise<void> {
  for (let turns = 0, seen = count(); turns < 300; turns++) {
    if (count() !== seen) turns = 0;
    seen = count();
    await turn();
  }
}

Deno.test("a client that does not read holds the writer back, and gets everything in the end", async () => {
  await using harness = new TlsHarness();
  const { client, server: { stream } } = await lazyClient(harness);
  const piece = pattern(MIB), pieces = 64;
  let written = 0;
  const writing = (async () => {
    for (; written < pieces; written++) await writeAll(stream, piece);
  })();
  await still(() => written);
  assert.ok(written < pieces, "everything was written to a client that takes nothing");
  for (let i = 0; i < pieces; i++) assert.ok(Buffer.from(await readBytes(client, MIB)).equals(piece), `piece ${i}`);
  await writing;
  client.close();
  stream.close();
});

Deno.test("closeWrite() ends what is sent, and the client may go on", async () => {
  await using harness = new TlsHarness();
  const { client, server: { stream } } = await harness.pair();
  await writeText(stream, "bye");
  await stream.closeWrite();
  assert.equal(new TextDecoder().decode(await client.takeToEnd()), "bye");
  await client.send("later");
  assert.equal(await readText(stream, 5), "later");
  await client.halfClose();
  assert.equal(await stream.read(new Uint8Array(1)), null);
  stream.close();
  await client.close();
});

Deno.test("a client that has sent its last byte still gets its answer", async () => {
  await using harness = new TlsHarness();
  const { client, server: { stream } } = await harness.pair();
  await client.send("question");
  await client.halfClose();
  assert.equal(await readText(stream, 8), "question");
  assert.equal(await stream.read(new Uint8Array(1)), null);
  await writeText(stream, "answer");
  stream.close();
  assert.equal(new TextDecoder().decode(await client.takeToEnd()), "answer");
  await client.close();
});

Deno.test("the end reads as null without a close_notify as well", async () => {
  await using harness = new TlsHarness();
  const { relay, closeRelay } = await relayTo(harness.port);
  const { client, server: { stream } } = await harness.pair({ port: relay.port });
  await client.send("cut");
  assert.equal(await readText(stream, 3), "cut");
  relay.endUpstream();
  assert.equal(await guarded(stream.read(new Uint8Array(1)), "the end"), null);
  stream.close();
  await client.close();
  await closeRelay();
});

Deno.test("close() ends with a close_notify, and its clock is left alone", async () => {
  const clock = new FakeClock(), { harness, counted } = counting(clock);
  await using _ = harness;
  const { client, server: { stream } } = await harness.pair({ maxVersion: "TLSv1.2" });
  counted[0].writes.length = 0;
  stream.close();
  assert.equal(await client.ended(), "fin");
  // One alert: 2 bytes, in a record of 5 with 24 of its cipher.
  assert.deepEqual(counted[0].writes, [31]);
  await until(() => clock.pending === 0);
  await client.close();
});

Deno.test("close() under a write that nobody takes closes at once, and fails what is pending", async () => {
  const clock = new FakeClock(), { harness, counted } = counting(clock);
  await using _ = harness;
  const { client, server: { stream } } = await lazyClient(harness);
  const writing = stream.write(pattern(64 * MIB)).then(() => "written", () => "failed");
  const reading = stream.read(new Uint8Array(1)).then(() => "read", () => "failed");
  await still(() => counted[0].writes.length);
  stream.close();
  assert.deepEqual(await guarded(Promise.all([writing, reading]), "both to fail"), ["failed", "failed"]);
  await assert.rejects(stream.write(new Uint8Array(1)));
  await assert.rejects(stream.read(new Uint8Array(1)));
  assert.equal(clock.pending, 0);
  client.close();
});

Deno.test("a goodbye that the client does not take is given up by the clock", async () => {
  const clock = new FakeClock(), never = Promise.withResolvers<number>();
  let stuck = false, closed = false;
  await using harness = new TlsHarness(handshakesBy(material(), clock), {
    before: (conn) =>
      Promise.resolve({
        first: null,
        stream: {
          read: (into) => conn.read(into),
          write: (bytes) => stuck ? never.promise : conn.write(bytes),
          closeWrite: () => conn.closeWrite(),
          close() {
            closed = true;
            conn.close();
          },
        },
      }),
  });
  const { client, server: { stream } } = await harness.pair();
  stuck = true;
  stream.close();
  await clock.untilPending(1);
  assert.equal(closed, false);
  clock.advance(1000);
  assert.equal(closed, true);
  assert.equal(clock.pending, 0);
  await client.close();
});

Deno.test("a client that resets fails the read and the write", async () => {
  await using harness = new TlsHarness();
  const { relay, closeRelay } = await relayTo(harness.port);
  const { client, server: { stream } } = await harness.pair({ port: relay.port });
  const reading = stream.read(new Uint8Array(1)).then(() => "read", () => "failed");
  relay.reset();
  assert.equal(await guarded(reading, "the read to fail"), "failed");
  await assert.rejects(guarded(writeAll(stream, pattern(MIB)), "the write to fail"));
  stream.close();
  await client.close();
  await closeRelay();
});

Deno.test("a record that was changed on its way fails the read", async () => {
  await using harness = new TlsHarness();
  const { relay, closeRelay } = await relayTo(harness.port);
  const { client, server: { stream } } = await harness.pair({ port: relay.port });
  // A record of application data that nobody has encrypted.
  relay.inject(Uint8Array.of(23, 3, 3, 0, 32, ...new Array(32).fill(0)));
  await assert.rejects(guarded(stream.read(new Uint8Array(1)), "the read to fail"));
  stream.close();
  await client.close();
  await closeRelay();
});

/** What stands between a client and its server and can do what no TLS client does. */
async function relayTo(port: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const upstream = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  upstream.on("error", () => {});
  const done = (async () => {
    const conn = await listener.accept();
    upstream.on("data", (bytes: Uint8Array) => void conn.write(bytes.slice()).catch(() => {}));
    upstream.on("close", () => conn.close());
    for await (const bytes of conn.readable) upstream.write(bytes);
  })().catch(() => {});
  const relay = {
    port: listener.addr.port,
    inject: (bytes: Uint8Array) => void upstream.write(bytes),
    /** A FIN of its own, with no close_notify before it. */
    endUpstream: () => void upstream.end(),
    reset: () => void upstream.resetAndDestroy(),
  };
  const closeRelay = async () => {
    upstream.destroy();
    listener.close();
    await done;
  };
  return await Promise.resolve({ relay, closeRelay });
}
