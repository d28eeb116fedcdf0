import { strict as assert } from "node:assert";
import v8 from "node:v8";
import vm from "node:vm";
import { RejoinedBody } from "../../../src/policies/keys/rejoined_body.ts";
import { readText, ScriptedBody } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";

const encoder = new TextEncoder();

Deno.test("RejoinedBody gives what was read and then the rest, in pieces of any size", async () => {
  for (let size = 1; size < 10; size++) {
    const body = new RejoinedBody(encoder.encode("abcde"), new ScriptedBody(["fg", "h"]));
    const into = new Uint8Array(size), pieces: string[] = [];
    for (let count = await body.read(into); count > 0; count = await body.read(into)) {
      pieces.push(new TextDecoder().decode(into.subarray(0, count)));
    }
    assert.equal(pieces.join(""), "abcdefgh");
  }
});

Deno.test("RejoinedBody has the length and the trailers of the whole", async () => {
  const rest = Object.assign(new ScriptedBody(["b"], { length: 2 }), { trailers: null as string[] | null });
  const body = new RejoinedBody(encoder.encode("a"), rest);
  assert.deepEqual([body.length, body.trailers], [2, null]);
  assert.equal(await readText(body), "ab");
  rest.trailers = ["x-sum", "1"];
  assert.deepEqual(body.trailers, ["x-sum", "1"]);
});

Deno.test("RejoinedBody that is given up gives up the rest, and nothing of what was read", async () => {
  const rest = new ScriptedBody(["b"]), body = new RejoinedBody(encoder.encode("a"), rest);
  body.cancel();
  assert.equal(rest.cancelled, 1);
  assert.equal(await readText(body), "b", "what the source gives then is the source's affair");
});

Deno.test("RejoinedBody lets go of what was read when it has gone on, or was given up", async () => {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  /** A body and its first bytes' memory, which nobody else keeps. */
  const make = () => {
    const first = new Uint8Array(100_000);
    return { body: new RejoinedBody(first, new ScriptedBody([])), memory: new WeakRef(first.buffer) };
  };
  const forwarded = make(), cancelled = make(), kept = make(), into = new Uint8Array(60_000);
  assert.deepEqual([forwarded.body.read(into), forwarded.body.read(into)], [60_000, 40_000]);
  cancelled.body.cancel();
  kept.body.read(into);
  await turn();
  collect();
  assert.equal(forwarded.memory.deref(), undefined);
  assert.equal(cancelled.memory.deref(), undefined);
  assert.notEqual(kept.memory.deref(), undefined);
  assert.equal(kept.body.read(into), 40_000);
});
