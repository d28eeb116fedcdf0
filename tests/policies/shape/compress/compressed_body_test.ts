import { strict as assert } from "node:assert";
import { brotliDecompressSync, constants, gunzipSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { BodyError, type BodySource } from "../../../../src/core/body.ts";
import { CompressedBody } from "../../../../src/policies/shape/compress/compressed_body.ts";
import {
  type Coding,
  CODINGS,
  DEFAULT_LEVELS,
  prepareCoding,
} from "../../../../src/policies/shape/compress/content_coding.ts";
import { until } from "../../../support/until.ts";
import { readAll, ScriptedBody } from "../../../support/exchange.ts";

const DECODE: { readonly [C in Coding]: (bytes: Uint8Array) => Uint8Array } = {
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  gzip: gunzipSync,
};
const prepared = CODINGS.map((name) => prepareCoding(name, DEFAULT_LEVELS[name]));

/** Decode what has no end yet. */
const LENIENT: { readonly [C in Coding]: (bytes: Uint8Array) => Uint8Array } = {
  br: (bytes) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: (bytes) => zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush }),
  gzip: (bytes) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
};

/** Gives what it is handed, when it is handed. */
class ManualBody implements BodySource {
  readonly length = undefined;
  cancelled = 0;
  asked = 0;
  #read: { into: Uint8Array; resolve: (count: number) => void; reject: (error: Error) => void } | null = null;

  read(into: Uint8Array): Promise<number> {
    this.asked++;
    assert.equal(this.#read, null, "one read at a time");
    return new Promise((resolve, reject) => this.#read = { into, resolve, reject });
  }

  cancel(): void {
    this.cancelled++;
    this.#take()?.reject(new BodyError("endpoint", "cancelled"));
  }

  get waits(): boolean {
    return this.#read !== null;
  }

  give(text: string): void {
    const { into, resolve } = this.#take()!;
    resolve(new TextEncoder().encodeInto(text, into).written);
  }

  fail(error: Error): void {
    this.#take()!.reject(error);
  }

  #take() {
    const read = this.#read;
    this.#read = null;
    return read;
  }
}

Deno.test("what was compressed in any pieces is the same when it is decompressed", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...prepared),
      pieces,
      fc.boolean(),
      fc.integer({ min: 1, max: 5000 }),
      async (coding, pieces, sync, size) => {
        const source = new ScriptedBody(pieces, { sync }), body = new CompressedBody(source, coding);
        const compressed = await readAll(body, size);
        assert.deepEqual(
          new Uint8Array(DECODE[coding.name](compressed)),
          new Uint8Array(pieces.flatMap((piece) => [...piece])),
        );
        assert.equal(source.overlapping, 0);
        assert.equal(await body.read(new Uint8Array(10)), 0, "the end stays the end");
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("a long body is compressed whole, however much of it is at hand", async () => {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, id) => ({ id, name: `user ${id * 7919 % 1000}` })));
  for (const coding of prepared) {
    const compressed = await readAll(new CompressedBody(new ScriptedBody([text], { sync: true }), coding), 64 * 1024);
    assert.equal(new TextDecoder().decode(DECODE[coding.name](compressed)), text, coding.name);
    assert.ok(compressed.length < text.length / 4, coding.name);
  }
});

Deno.test("each piece of a slow source can be read before the next one comes", async () => {
  for (const coding of prepared) {
    const source = new ManualBody(), body = new CompressedBody(source, coding), parts: Uint8Array[] = [];
    const reading = readInto(body, parts);
    for (const text of ["data: one\n\n", "data: two\n\n"]) {
      await until(() => source.waits, "a read of the source");
      source.give(text);
      await until(() => textSoFar(coding.name, parts).endsWith(text), `${coding.name}: ${text}`);
    }
    body.cancel();
    await assert.rejects(reading, BodyError);
    assert.equal(source.cancelled, 1);
  }
});

async function readInto(body: BodySource, parts: Uint8Array[]): Promise<void> {
  const into = new Uint8Array(1024);
  for (;;) parts.push(into.slice(0, await body.read(into)));
}

function textSoFar(name: Coding, parts: readonly Uint8Array[]): string {
  const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
  try {
    return new TextDecoder().decode(LENIENT[name](bytes));
  } catch {
    // There is nothing yet but what the coding says of itself.
    return "";
  }
}

Deno.test("a source that fails fails the body, with its own error, and never ends it", async () => {
  for (const coding of prepared) {
    for (const sync of [true, false]) {
      const failure = new BodyError("endpoint", "broke off");
      const source = new ScriptedBody(["some text ".repeat(100)], { sync, failure }),
        body = new CompressedBody(source, coding);
      await assert.rejects(() => readAll(body), failure);
      await assert.rejects(async () => await body.read(new Uint8Array(10)), failure);
    }
  }
});

Deno.test("nothing is read before somebody reads, and only one piece ahead", async () => {
  const source = new ManualBody(), body = new CompressedBody(source, prepared[0]);
  assert.equal(source.asked, 0);
  const reading = body.read(new Uint8Array(1024));
  assert.equal(source.asked, 1);
  source.give("abc");
  await reading;
  assert.ok(source.asked <= 2);
  body.cancel();
});

Deno.test("a body that is given up gives its source up, and a read that waits is told", async () => {
  for (const coding of prepared) {
    const source = new ManualBody(), body = new CompressedBody(source, coding);
    const waiting = body.read(new Uint8Array(1024));
    body.cancel();
    await assert.rejects(() => waiting as Promise<number>, BodyError);
    body.cancel();
    assert.equal(source.cancelled, 1);
    await assert.rejects(async () => await body.read(new Uint8Array(1)), BodyError);
  }
});

Deno.test("a body that is given up while it compresses, or ends, ends its read", async () => {
  for (const coding of prepared) {
    for (const pieces of [["x".repeat(10_000), "y"], []]) {
      const source = new ScriptedBody(pieces, { sync: true }), body = new CompressedBody(source, coding);
      const waiting = body.read(new Uint8Array(1024));
      body.cancel();
      await assert.rejects(async () => await waiting, BodyError);
      assert.equal(source.cancelled, 1);
    }
  }
});

Deno.test("trailers pass, but for those that are about the bytes as they were", async () => {
  const source = Object.assign(new ScriptedBody(["x"]), { trailers: ["content-digest", "sha-256=:x:", "x-sum", "1"] });
  const body = new CompressedBody(source, prepared[0]);
  await readAll(body);
  assert.deepEqual(body.trailers, ["x-sum", "1"]);
});
