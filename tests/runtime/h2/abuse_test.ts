import { strict as assert } from "node:assert";
import { Reply } from "../../../src/core/reply.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import * as f from "./frames.ts";
import { settled } from "./peer.ts";
import { reply, TestListener } from "./test_listener.ts";

const CALM = 11;

/** What a client may repeat a few hundred times, and not without end. */
const FLOODS: readonly [what: string, frames: (i: number) => Uint8Array[], before?: Uint8Array[]][] = [
  ["PING", () => [f.ping()]],
  ["acknowledged PING", () => [f.ping(f.ACK)]],
  ["SETTINGS", () => [f.settings([4, 65_535])]],
  ["empty SETTINGS", () => [f.settings()]],
  ["PRIORITY", (i) => [f.frame(f.PRIORITY, 0, 2 * i + 1, f.bytes(f.uint32(0), 1))]],
  ["frames of an unknown type", () => [f.frame(0xfa, 0, 0, "x")]],
  ["WINDOW_UPDATE of a byte", () => [f.windowUpdate(0, 1)]],
  ["empty DATA", () => [f.data(1, "")], [f.post(1)]],
  ["DATA of padding alone", () => [f.frame(f.DATA, f.PADDED, 1, f.bytes(1, 0))], [f.post(1)]],
  ["RST_STREAM of a stream that is over", () => [f.reset(1)], [f.get(1)]],
  ["GOAWAY", () => [f.frame(f.GOAWAY, 0, 0, "12345678")]],
];

for (const [what, frames, before = []] of FLOODS) {
  Deno.test(`a flood of ${what} ends the connection, some hundred a minute do not`, async () => {
    const listener = new TestListener(({ body }) => body === null ? Reply.text(200, "") : new Promise<Reply>(() => {}));
    using peer = await listener.connect();
    await peer.send(...before);
    for (let i = 0; i < 9; i++) {
      await peer.send(...Array.from({ length: 100 }, (_, j) => frames(100 * i + j)).flat());
    }
    assert.equal(peer.lines().filter((line) => line.startsWith("GOAWAY")).length, 0);
    await peer.send(...Array.from({ length: 200 }, (_, j) => frames(900 + j)).flat());
    assert.equal(peer.lines().at(-1), `GOAWAY ${before.length} ${CALM}`);
  });
}

Deno.test("pings and windows that go along with content are no flood", async () => {
  const listener = new TestListener(() => reply(200, [], new Uint8Array(20_000_000)));
  using peer = await listener.connect();
  await peer.send(f.get(1));
  let sent = 0;
  for (let i = 0; i < 1_500 && listener.log.length === 0; i++) {
    for (const { type, payload } of peer.take()) if (type === f.DATA) sent += payload.length;
    await peer.send(f.windowUpdate(0, 16_384), f.windowUpdate(1, 16_384), f.ping());
  }
  assert.deepEqual([listener.lines, sent > 19_000_000], [["200 GET /"], true]);
});

/** Streams that are begun and given up, or make us give them up (CVE-2023-44487). */
const RESETS: readonly [what: string, frames: (stream: number) => Uint8Array[]][] = [
  ["opens and resets", (stream) => [f.get(stream), f.reset(stream)]],
  ["sends malformed requests", (stream) => [f.get(stream, "/", ["connection", "close"])]],
  ["sends WINDOW_UPDATE of 0", (stream) => [f.get(stream), f.windowUpdate(stream, 0)]],
  ["sends DATA behind the end", (stream) => [f.get(stream), f.data(stream, "x")]],
];

for (const [what, frames] of RESETS) {
  Deno.test(`a client that ${what} again and again is turned away`, async () => {
    const listener = new TestListener(() => new Promise<Reply>(() => {}));
    using peer = await listener.connect();
    let sent = 0;
    while (sent < 500 && !peer.stream.writeClosed) await peer.send(...frames(2 * sent++ + 1));
    assert.ok(sent > 100 && sent < 300, `after ${sent}`);
    assert.match(peer.lines().at(-1)!, new RegExp(`^GOAWAY \\d+ ${CALM}$`));
  });
}

Deno.test("a client that gives up now and then is not turned away", async () => {
  const listener = new TestListener((exchange) => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    exchange.onAbort({ abandon: () => resolve(Reply.text(200, "")) });
    return promise;
  });
  using peer = await listener.connect();
  for (let i = 0; i < 500; i++) {
    await peer.send(f.get(2 * i + 1));
    await peer.send(f.reset(2 * i + 1));
    if (i % 10 === 9) await (listener.clock as FakeClock).pass(1_000, settled);
  }
  assert.deepEqual([peer.stream.writeClosed, listener.log.length], [false, 500]);
});

Deno.test("handlers that do not come back count as streams: a client that resets does not get more of them", async () => {
  const listener = new TestListener(() => new Promise<Reply>(() => {}));
  using peer = await listener.connect();
  let refused = 0;
  for (let i = 0; i < 400; i++) {
    await peer.send(f.get(2 * i + 1));
    const lines = peer.lines();
    if (lines.some((line) => line === `RST ${2 * i + 1} 7`)) refused++;
    else await peer.send(f.reset(2 * i + 1));
    await (listener.clock as FakeClock).pass(30, settled);
  }
  assert.deepEqual([listener.open, refused], [256, 400 - 256]);
});

Deno.test("a bomb of fields is not unpacked beyond the limit", async () => {
  const listener = new TestListener();
  using peer = await listener.connect();
  const large = f.bytes(0x40, 3, "x-a", 0x7f, 0xa1, 0x1e, "x".repeat(4_000));
  // Each of 12000 bytes stands for 4000.
  await peer.send(f.head(1, f.bytes(f.block(...f.pseudo()), large, new Uint8Array(12_000).fill(0xbe))), f.get(3));
  assert.deepEqual(peer.lines(), ["HEADERS 1 431", "HEADERS 3 200", "DATA 1 213 END", "DATA 3 5 END"]);
});

Deno.test("CONTINUATION without end ends the connection", async () => {
  const listener = new TestListener();
  using peer = await listener.connect();
  await peer.send(
    f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())),
    ...Array.from({ length: 30 }, () => f.frame(f.CONTINUATION, 0, 1)),
  );
  assert.deepEqual([peer.lines(), listener.log.length], [["GOAWAY 0 11"], 0]);
});
