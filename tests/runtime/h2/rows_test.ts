import { strict as assert } from "node:assert";
import { BodyError, isBodySource } from "../../../src/core/body.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { FRAMES } from "./rows/frames_rows.ts";
import { HPACK } from "./rows/hpack_rows.ts";
import { MESSAGES } from "./rows/message_rows.ts";
import type { Row } from "./rows/row.ts";
import { STREAMS } from "./rows/stream_rows.ts";
import { bytes, lineOf } from "./frames.ts";
import { Peer, settled } from "./peer.ts";
import { type Handle, hello, reply, TestListener } from "./test_listener.ts";

/** What is held is answered only when its client gives up. */
const handle: Handle = async (exchange) => {
  const scrap = new Uint8Array(1024);
  if (exchange.path !== "/held" && isBodySource(exchange.body)) { while (await exchange.body.read(scrap) > 0); }
  if (exchange.path === "/empty") return reply(200, [], null);
  if (exchange.path !== "/held") return hello(exchange);
  const { promise, resolve } = Promise.withResolvers<Reply>();
  exchange.onAbort({ abandon: () => resolve(hello(exchange) as Reply) });
  return await promise;
};

async function play({ send, raw, expect, log }: Row, pieces: (all: Uint8Array) => Uint8Array[]): Promise<void> {
  const listener = new TestListener(handle);
  using peer = new Peer(listener);
  if (raw === undefined) await peer.greet();
  const all = bytes(...send);
  for (const piece of pieces(all)) peer.stream.put(piece);
  await settled();
  const frames = peer.take().map(lineOf);
  assert.deepEqual(frames, expect);
  assert.equal(peer.stream.writeClosed, expect.some((line) => line.startsWith("GOAWAY")), "the end of what we send");
  if (log !== undefined) assert.deepEqual(listener.lines, log);
  peer.connection.close();
  await settled();
  assert.deepEqual([listener.open, listener.connections], [0, 0], "nothing is left");
  assert.deepEqual(listener.crashes.filter((cause) => !(cause instanceof BodyError)), []);
}

for (const [title, rows] of Object.entries({ FRAMES, STREAMS, MESSAGES, HPACK })) {
  Deno.test(`H2Connection: ${title.toLowerCase()}`, async (t) => {
    for (const row of rows) {
      await t.step(`§${row.section}: ${row.name}`, () => play(row, (all) => [all]));
    }
  });
}

Deno.test("H2Connection: rows of one answer come to the same byte by byte", async (t) => {
  for (const row of [...FRAMES, ...MESSAGES, ...HPACK]) {
    const size = row.send.reduce((sum, { length }) => sum + length, 0);
    // What is sent behind an error is cut off at other places then, and answers may come between.
    if (size > 2_000 || row.expect.length > 3) continue;
    await t.step(`§${row.section}: ${row.name}`, async () => {
      await play(row, (all) => Array.from(all, (_, i) => all.subarray(i, i + 1)));
    });
  }
});
