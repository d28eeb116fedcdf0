import { strict as assert } from "node:assert";
import { Writable } from "node:stream";
import type { RedisClient } from "../../../src/state/redis/redis_client.ts";
import { WriteTogether } from "../../../src/state/redis/write_together.ts";
import { until } from "../../support/until.ts";

/** A client of which is told what left at once. */
function clientOf(left: string[]): RedisClient & { readonly stream: Writable } {
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      left.push(text);
      done();
    },
    writev(chunks, done) {
      left.push(chunks.map(({ chunk }) => chunk).join(""));
      done();
    },
  });
  return { stream } as unknown as RedisClient & { readonly stream: Writable };
}

Deno.test("what is written in one turn of the event loop leaves together, however long its way was", async () => {
  const left: string[] = [], client = clientOf(left), together = new WriteTogether();
  const write = async (text: string, steps: number) => {
    for (let i = 0; i < steps; i++) await null;
    together.hold(client);
    client.stream.write(text);
  };
  void write("a", 0);
  void write("b", 1);
  void write("c", 20);
  await until(() => left.length > 0);
  assert.deepEqual(left, ["abc"]);
  await write("d", 0);
  await until(() => left.length > 1);
  assert.deepEqual(left, ["abc", "d"]);
});
