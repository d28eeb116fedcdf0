import { strict as assert } from "node:assert";
import { SharedParts } from "../../src/upstreams/shared_parts.ts";

class Part {
  closed = 0;
  constructor(readonly name: string) {}
  close(): void {
    this.closed++;
  }
}

function bed() {
  const parts = new SharedParts(), made: Part[] = [];
  const use = (name: string, shape: unknown, keys: string[]) =>
    parts.use(name, shape, () => {
      const part = new Part(name);
      made.push(part);
      return part;
    }, keys);
  return { parts, made, use };
}

Deno.test("the same name and shape is the same part, whatever else differs is another", () => {
  const { made, use } = bed(), keys: string[] = [];
  const first = use("a", { x: 1 }, keys);
  assert.equal(use("a", { x: 1 }, keys), first);
  assert.notEqual(use("a", { x: 2 }, keys), first);
  assert.notEqual(use("b", { x: 1 }, keys), first);
  assert.notEqual(use("a", null, keys), first);
  assert.deepEqual([made.length, keys.length], [4, 5]);
});

Deno.test("a part is closed when its last user lets go of it, and made anew for the next", () => {
  const { parts, made, use } = bed(), old: string[] = [], young: string[] = [];
  const part = use("a", null, old);
  use("a", null, young);
  parts.release(old);
  assert.equal(part.closed, 0);
  parts.release(young);
  assert.equal(part.closed, 1);
  assert.notEqual(use("a", null, []), part);
  assert.equal(made.length, 2);
});

Deno.test("who used a part twice lets go of it twice", () => {
  const { parts, use } = bed(), keys: string[] = [];
  const part = use("a", null, keys);
  use("a", null, keys);
  parts.release(keys.slice(1));
  assert.equal(part.closed, 0);
  parts.release(keys.slice(1));
  assert.equal(part.closed, 1);
});

Deno.test("a part that cannot be made leaves nothing behind", () => {
  const { parts, use } = bed(), keys: string[] = [];
  const fails = () => {
    throw new Error("no");
  };
  assert.throws(() => parts.use("a", null, fails, keys), /no/);
  assert.deepEqual(keys, []);
  const part = use("a", null, keys);
  parts.release(keys);
  assert.equal(part.closed, 1);
});

Deno.test("close() closes what is still in use, once, and lets users let go of it afterwards", () => {
  const { parts, made, use } = bed(), keys: string[] = [];
  use("a", null, keys);
  use("b", null, keys);
  parts.use("plain", null, () => ({}), keys);
  parts.close();
  parts.release(keys);
  assert.deepEqual(made.map(({ closed }) => closed), [1, 1]);
});
