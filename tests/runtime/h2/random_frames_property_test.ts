import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BodyError, isBodySource } from "../../../src/core/body.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import * as f from "./frames.ts";
import { Peer, settled } from "./peer.ts";
import { type Handle, reply, TestListener } from "./test_listener.ts";

/** Reads what comes, and answers with as much: some at once, some as it is read, some never. */
const handle: Handle = async (exchange) => {
  const { body, path } = exchange, scrap = new Uint8Array(300);
  let length = body === null ? 10 : isBodySource(body) ? 0 : body.length;
  if (path === "/never") await new Promise<void>((resolve) => exchange.onAbort({ abandon: resolve }));
  if (isBodySource(body)) { for (let count; (count = await body.read(scrap)) > 0;) length += count; }
  if (path === "/bytes") return Reply.text(200, "x".repeat(length));
  const read = (into: Uint8Array) => {
    const count = Math.min(length, into.length);
    length -= count;
    return Promise.resolve(count);
  };
  return reply(200, [], { length: undefined, cancel() {}, read });
};

const stream = fc.nat({ max: 12 });
const small = fc.uint8Array({ maxLength: 40 });
const path = fc.constantFrom("/", "/bytes", "/never", "bad");
const number = fc.oneof(fc.nat({ max: 70_000 }), fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 32 - 1));

/** Frames of which many are right, in an order that mostly is not. */
const frames = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(stream, path).map(([id, path]) => f.get(2 * id + 1, path)) },
    { weight: 6, arbitrary: fc.tuple(stream, path).map(([id, path]) => f.post(2 * id + 1, path)) },
    {
      weight: 6,
      arbitrary: fc.tuple(stream, small, fc.boolean()).map(([id, bytes, end]) => f.data(2 * id + 1, bytes, end)),
    },
    { weight: 2, arbitrary: fc.tuple(stream, fc.nat({ max: 11 })).map(([id, code]) => f.reset(2 * id + 1, code)) },
    { weight: 3, arbitrary: fc.tuple(stream, number).map(([id, count]) => f.windowUpdate(id, count)) },
    { weight: 1, arbitrary: fc.tuple(fc.nat({ max: 7 }), number).map((pair) => f.settings(pair)) },
    { weight: 1, arbitrary: fc.constantFrom(f.ping(), f.ping(f.ACK)) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 255 }), stream, small)
        .map(([type, flags, id, bytes]) => f.frame(type, flags, id, bytes)),
    },
  ),
  { maxLength: 40 },
);

Deno.test("whatever frames come, every exchange ends, every stream of frames is whole, and nothing is left", async () => {
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.nat({ max: 3_000 }), { maxLength: 6 }), async (frames, cuts) => {
      const listener = new TestListener(handle), peer = new Peer(listener);
      await peer.greet();
      const all = f.bytes(...frames);
      let at = 0;
      for (const cut of [...cuts, all.length]) {
        const end = Math.min(all.length, at + cut);
        await peer.send(all.subarray(at, end));
        at = end;
      }
      const ended = new Set<number>();
      for (const { type, flags, stream } of peer.take()) {
        if (type !== f.DATA && type !== f.HEADERS) continue;
        assert.ok(!ended.has(stream), `stream ${stream} goes on behind its end`);
        if ((flags & f.END) !== 0) ended.add(stream);
      }
      await (listener.clock as FakeClock).pass(500, settled);
      peer.connection.close();
      await settled();
      assert.deepEqual([listener.open, listener.connections], [0, 0]);
      assert.equal((listener.clock as FakeClock).pending, 0);
      assert.deepEqual(listener.crashes.filter((cause) => !(cause instanceof BodyError)), []);
    }),
    { numRuns: 120 },
  );
});
