import { strict as assert } from "node:assert";
import { BodyError, type BodySource } from "../../../src/core/body.ts";
import { TICK_MS } from "../../../src/core/timer_wheel.ts";
import { READ_TIMEOUT, readPrefix } from "../../../src/policies/keys/body_prefix.ts";
import { makeEnv, ScriptedBody } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";

const MOST = 64 * 1024;

/** A body that comes when it is told to, and fails its read when it is cancelled, as those of the engines do. */
class SlowBody implements BodySource {
  readonly length = undefined;
  cancelled = 0;
  #give: ((count: number) => void) | null = null;
  #fail: ((error: Error) => void) | null = null;

  read(): Promise<number> {
    return new Promise((resolve, reject) => [this.#give, this.#fail] = [resolve, reject]);
  }

  give(count: number): void {
    this.#give?.(count);
  }

  cancel(): void {
    this.cancelled++;
    this.#fail?.(new BodyError("client", "the body was given up"));
  }
}

/** Notes the room that each read is given, and fills it. */
class GreedyBody implements BodySource {
  readonly rooms: number[] = [];
  readonly buffers: ArrayBufferLike[] = [];
  constructor(readonly length: number | undefined, readonly most = Infinity) {}

  read(into: Uint8Array): number {
    this.rooms.push(into.length);
    this.buffers.push(into.buffer);
    return Math.min(into.length, this.most);
  }

  cancel(): void {}
}

Deno.test("readPrefix() gives a body up when nothing of it comes for 10 s", async () => {
  const { clock, deadlines } = makeEnv(), body = new SlowBody();
  const reading = readPrefix(body, MOST, deadlines);
  const failed = assert.rejects(reading, (error) => error instanceof BodyError && error.fault === "client-timeout");
  for (let i = 0; i < 3; i++) {
    clock.advance(READ_TIMEOUT - 2 * TICK_MS);
    body.give(1);
    await turn();
  }
  assert.equal(deadlines.size, 1, "only the read that is waited for has one");
  clock.advance(READ_TIMEOUT - 2 * TICK_MS);
  assert.equal(body.cancelled, 0);
  clock.advance(3 * TICK_MS);
  await failed;
  assert.deepEqual([body.cancelled, deadlines.size], [1, 0]);
});

Deno.test("readPrefix() makes room as bytes come, whatever length was announced", async () => {
  const { deadlines } = makeEnv();
  for (const length of [undefined, 1_000_000]) {
    const body = new GreedyBody(length);
    const { bytes, whole } = await readPrefix(body, MOST, deadlines);
    assert.deepEqual(body.rooms, [4096, 4096, 8192, 16384, 32768]);
    assert.deepEqual([bytes.length, whole], [MOST, false]);
  }
  const small = new GreedyBody(10);
  assert.equal((await readPrefix(small, MOST, deadlines)).whole, true);
  assert.deepEqual([small.rooms, small.buffers[0].byteLength], [[10], 10]);
});

Deno.test("readPrefix() asks no sender of a known length whether that was all", async () => {
  const { deadlines } = makeEnv();
  for (const [length, reads] of [[3, 1], [undefined, 2]] as const) {
    const body = new ScriptedBody(["abc"], { length });
    const { bytes, whole } = await readPrefix(body, MOST, deadlines);
    assert.deepEqual([bytes.length, whole, body.reads], [3, true, reads]);
  }
  const exact = new ScriptedBody([new Uint8Array(MOST)], { length: MOST });
  assert.equal((await readPrefix(exact, MOST, deadlines)).whole, true);
});
