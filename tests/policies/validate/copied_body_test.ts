import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CopiedBody } from "../../../src/policies/validate/copied_body.ts";
import { readAll, ScriptedBody } from "../../support/exchange.ts";

Deno.test("a body goes on as it comes, and its copy is the same up to the limit", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.boolean(), fc.integer({ min: 1, max: 150 }), async (pieces, sync, most) => {
      const whole = new Uint8Array(pieces.flatMap((piece) => [...piece])), copies: Uint8Array[] = [];
      const body = new CopiedBody(new ScriptedBody(pieces, { sync }), most, (copy) => copies.push(copy.slice()));
      assert.deepEqual(await readAll(body, 20), whole);
      assert.deepEqual(copies, whole.length <= most ? [whole] : []);
    }),
  );
});

Deno.test("a copy is there once the length that was said has come, though nobody asks for the end", () => {
  const copies: Uint8Array[] = [];
  const body = new CopiedBody(new ScriptedBody(["abc"], { length: 3, sync: true }), 10, (copy) => copies.push(copy));
  assert.equal(body.read(new Uint8Array(10)), 3);
  assert.equal(new TextDecoder().decode(copies[0]), "abc");
  assert.equal(body.read(new Uint8Array(10)), 0);
  assert.equal(copies.length, 1);
});

Deno.test("of a body that is given up there is no copy", () => {
  const source = new ScriptedBody(["abc", "d"], { sync: true }), body = new CopiedBody(source, 10, () => assert.fail());
  body.read(new Uint8Array(10));
  body.cancel();
  assert.equal(source.cancelled, 1);
});
