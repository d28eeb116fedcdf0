import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BodyError, type BodySource } from "../../../src/core/body.ts";
import { ReplayableBody } from "../../../src/upstreams/retry/replayable_body.ts";
import { bytesUpTo, ManualSource } from "./manual_source.ts";

/** A view, and what its reader has of it. */
class Reader {
  readonly got: number[] = [];
  pending = false;
  ended = false;
  /** What a read failed with. */
  error: unknown = null;

  constructor(readonly view: BodySource) {}

  read(size: number): void {
    const into = new Uint8Array(size), count = this.view.read(into);
    if (typeof count === "number") return this.#took(into, count);
    this.pending = true;
    count.then((count) => this.#took(into, count), (error) => this.error = error).finally(() => this.pending = false);
  }

  #took(into: Uint8Array, count: number): void {
    if (count === 0) this.ended = true;
    this.got.push(...into.subarray(0, count));
  }
}

/** What is known of the body from outside. */
class Bed {
  readonly source: ManualSource;
  readonly body: ReplayableBody;
  readonly cap: number;
  readonly total: number;
  readonly readers: Reader[] = [];
  readonly told: (number[] | null)[][] = [];
  /** Whether the view in use was ever read. */
  asked = false;
  /** How far readers wanted to read, with all of their room. */
  wish = 0;
  committed = false;
  cancelled = false;
  /** Whether the view in use was given up. */
  dropped = false;

  constructor({ pieces, known, ending, cap }: Scenario) {
    this.source = new ManualSource(pieces, { known, ending });
    this.body = new ReplayableBody(this.source, cap);
    this.total = pieces.reduce((sum, { size }) => sum + size, 0);
    this.cap = known && this.total > cap ? 0 : cap;
  }

  get reader(): Reader | undefined {
    return this.readers.at(-1);
  }

  /** Whether all that was read can be kept. */
  get fits(): boolean {
    const { source: { failed, given }, cap, asked, cancelled } = this;
    return !cancelled && !failed && (cap === 0 ? !asked : given <= cap);
  }

  get replayable(): boolean {
    return this.fits && !this.committed;
  }

  run(step: Step): void {
    const { body } = this;
    if (step.do === "arrive") this.source.arrive();
    else if (step.do === "commit") this.#commit();
    else if (step.do === "cancel") this.#cancel();
    else if (step.do === "whole") this.#onWhole();
    else if (step.do === "view") {
      if (!this.replayable) return;
      this.readers.push(new Reader(body.view()));
      this.dropped = false;
    } else {
      const reader = this.readers.at(-1 - step.back);
      if (reader === undefined) return;
      if (step.do === "drop") this.#drop(reader);
      else if (!reader.pending) this.#read(reader, step.size);
    }
  }

  #read(reader: Reader, size: number): void {
    if (reader === this.reader) {
      this.asked = true;
      this.wish = Math.max(this.wish, reader.got.length + size);
    }
    reader.read(size);
  }

  #drop(reader: Reader): void {
    if (reader === this.reader) {
      this.dropped = true;
      if (this.committed) this.cancelled = true;
    }
    reader.view.cancel();
  }

  #commit(): void {
    this.committed = true;
    if (this.dropped) this.cancelled = true;
    this.body.commit();
  }

  #cancel(): void {
    this.cancelled = true;
    this.body.cancel();
  }

  #onWhole(): void {
    const told: (number[] | null)[] = [], { source, committed } = this;
    this.told.push(told);
    this.body.onWhole((bytes) => {
      told.push(bytes === null ? null : [...bytes]);
      if (bytes !== null) assert.ok(source.ended && source.given <= this.cap, "told before the end, or beyond the cap");
      // Who asks when all is settled may come too late.
      else if (!committed) assert.ok(!this.fits, "told that it is not to be had, and it is");
    });
  }

  check(): void {
    const { source, readers, reader } = this;
    assert.equal(source.overlapping, 0);
    assert.equal(source.cancelled, this.cancelled ? 1 : 0);
    const all = [...bytesUpTo(this.total)];
    for (const each of readers) {
      assert.deepEqual(each.got, all.slice(0, each.got.length));
      if (each.ended) assert.ok(source.ended && each.got.length === this.total, "an end was guessed");
      if (each.error !== null) {
        assert.ok(each.error instanceof BodyError);
        assert.ok(each !== reader || this.cancelled || source.failed, "the view in use failed by itself");
      }
    }
    assert.ok(source.given <= this.wish, "read ahead");
    for (const told of this.told) assert.ok(told.length <= 1);
  }

  /** As {@link check}, when every reaction to a promise has run. */
  async checkAtRest(): Promise<void> {
    // The longest chain of promises is a handful.
    for (let i = 0; i < 16; i++) await null;
    this.check();
    assert.equal(this.body.replayable, this.replayable);
    for (const { pending } of this.readers) assert.ok(!pending || this.source.waiting, "a read hangs");
  }

  /** Everything comes, and who reads reads on. */
  async finish(): Promise<void> {
    for (let rounds = 0; rounds < 200; rounds++) {
      const { reader } = this;
      if (reader === undefined || reader.ended || reader.error !== null) break;
      if (!reader.pending) this.#read(reader, 7);
      this.source.arrive();
      await this.checkAtRest();
    }
    const { reader } = this;
    if (reader === undefined) return;
    assert.ok(reader.ended || reader.error !== null, "the view in use goes on and on");
    for (const told of this.told) assert.equal(told.length, 1);
  }
}

interface Scenario {
  readonly pieces: readonly { readonly size: number; readonly sync: boolean }[];
  readonly known: boolean;
  readonly ending: "end" | "failure";
  readonly cap: number;
}

interface Step {
  readonly do: "view" | "read" | "drop" | "arrive" | "commit" | "cancel" | "whole";
  /** For `read` and `drop`: 0 is the view in use, 1 the one before it. */
  readonly back: number;
  /** For `read`. */
  readonly size: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    { weight: 16, arbitrary: fc.constant("read" as const) },
    { weight: 10, arbitrary: fc.constant("arrive" as const) },
    { weight: 4, arbitrary: fc.constant("view" as const) },
    { weight: 2, arbitrary: fc.constantFrom("whole" as const, "drop" as const) },
    { weight: 1, arbitrary: fc.constantFrom("commit" as const, "cancel" as const) },
  ),
  back: fc.constantFrom(0, 0, 0, 0, 1),
  size: fc.integer({ min: 1, max: 12 }),
});
const scenario: fc.Arbitrary<Scenario> = fc.record({
  pieces: fc.array(fc.record({ size: fc.integer({ min: 1, max: 8 }), sync: fc.boolean() }), { maxLength: 6 }),
  known: fc.boolean(),
  ending: fc.constantFrom("end" as const, "end" as const, "failure" as const),
  cap: fc.integer({ min: 0, max: 24 }),
});

Deno.test("property: every view gives the bytes from the start, as they come, once each beyond the cap", async () => {
  const seen = { replays: 0, overCap: 0, wholes: 0, dead: 0 };
  await fc.assert(
    fc.asyncProperty(scenario, fc.array(step, { maxLength: 40, size: "max" }), async (scenario, steps) => {
      const bed = new Bed(scenario);
      bed.run({ do: "view", back: 0, size: 1 });
      for (const step of steps) {
        bed.run(step);
        bed.check();
        await bed.checkAtRest();
      }
      await bed.finish();
      const finished = bed.readers.filter(({ got }) => got.length > 0).length;
      if (finished > 1) seen.replays++;
      if (bed.reader?.ended && !bed.replayable && bed.total > bed.cap) seen.overCap++;
      if (bed.told.some(([bytes]) => Array.isArray(bytes))) seen.wholes++;
      if (bed.readers.some(({ error }, i) => error !== null && i < bed.readers.length - 1)) seen.dead++;
    }),
    { numRuns: 1_500 },
  );
  for (const [what, times] of Object.entries(seen)) assert.ok(times > 5, `${what} came up ${times} times`);
});
