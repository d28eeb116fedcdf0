import { strict as assert } from "node:assert";
import { BodyError } from "../../src/core/body.ts";
import { wholeBody } from "../../src/policies/whole_body.ts";
import { ScriptedBody } from "../support/exchange.ts";

Deno.test("wholeBody() reads up to its limit and gives up what is longer", async () => {
  for (const sync of [true, false]) {
    for (
      const [pieces, length, most, count] of [
        [["abc", "def"], undefined, 6, 6],
        [["abc", "def"], 6, 6, 6],
        [["abc", "defg"], undefined, 6, null],
        [["abc", "defg"], 7, 6, null],
        [["x".repeat(10_000)], undefined, 10_000, 10_000],
        [["x".repeat(10_000), "y"], undefined, 10_000, null],
        [[], undefined, 6, 0],
      ] as const
    ) {
      const source = new ScriptedBody(pieces, { sync, length });
      assert.equal((await wholeBody(source, most))?.length ?? null, count);
      assert.equal(source.cancelled, count === null ? 1 : 0);
    }
  }
  assert.equal(await wholeBody(new Uint8Array(7), 6), null);
});

Deno.test("wholeBody() tells of a body that breaks off", async () => {
  const failure = new BodyError("endpoint", "gone");
  await assert.rejects(() => wholeBody(new ScriptedBody(["abc"], { failure }), 100), failure);
});
