import { strict as assert } from "node:assert";
import { UpstreamLoad, type Waiter } from "../../src/upstreams/upstream_load.ts";

/** An upstream with so many places, and those who were let in. */
function bed(places: number) {
  const load = new UpstreamLoad(), letIn: string[] = [], asked: string[] = [], state = { places };
  const waiter = (name: string, then = () => {}): Waiter => {
    const self = {
      proceed() {
        asked.push(name);
        if (state.places === 0) return false;
        state.places--;
        letIn.push(name);
        load.leave(self);
        then();
        return true;
      },
    };
    return self;
  };
  /** Waits for a place of its own. */
  const choosy = (name: string, own: { free: boolean }): Waiter => {
    const self = {
      choosy: true,
      proceed() {
        asked.push(name);
        if (!own.free) return false;
        own.free = false;
        letIn.push(name);
        return load.leave(self);
      },
    };
    return self;
  };
  return { load, letIn, asked, state, waiter, choosy };
}

Deno.test("touch() says that something changed, and lets in who waits", () => {
  const { load, letIn, waiter } = bed(1);
  load.wait(waiter("a"));
  assert.deepEqual([load.version, load.waiting, letIn.length], [0, 1, 0]);
  load.touch();
  assert.deepEqual([load.version, load.waiting, letIn], [1, 0, ["a"]]);
});

Deno.test("admit() lets in as many as there are places for, in order", () => {
  const { load, letIn, asked, state, waiter } = bed(2);
  for (const name of ["a", "b", "c", "d"]) load.wait(waiter(name));
  load.admit();
  assert.deepEqual([letIn, asked, load.waiting], [["a", "b"], ["a", "b", "c"], 2]);
  state.places = 5;
  load.admit();
  assert.deepEqual([letIn, load.waiting], [["a", "b", "c", "d"], 0]);
  assert.equal(load.version, 0);
});

Deno.test("leave() says whether it was waiting", () => {
  const { load, letIn, waiter } = bed(1), [a, b] = [waiter("a"), waiter("b")];
  load.wait(a);
  load.wait(b);
  assert.ok(load.leave(a));
  assert.ok(!load.leave(a));
  load.admit();
  assert.deepEqual([letIn, load.waiting], [["b"], 0]);
});

Deno.test("who takes another out of the line while he is let in skips nobody", () => {
  const { load, letIn, waiter } = bed(3), [a, b, c] = ["a", "b", "c"].map((name) => waiter(name));
  load.wait(waiter("first", () => void load.leave(a)));
  for (const each of [a, b, c]) load.wait(each);
  load.admit();
  assert.deepEqual([letIn, load.waiting], [["first", "b", "c"], 0]);
});

Deno.test("who waits again while he is let in stays in the line, at its end", () => {
  const { load, letIn, waiter } = bed(2), again: Waiter = waiter("again", () => load.wait(again));
  load.wait(again);
  load.wait(waiter("b"));
  load.admit();
  assert.deepEqual([letIn, load.waiting], [["again", "b"], 1]);
  assert.ok(load.leave(again));
});

Deno.test("who waits for certain places keeps nobody else waiting, and is asked each time", () => {
  const { load, letIn, asked, state, waiter, choosy } = bed(0), [x, y] = [{ free: false }, { free: false }];
  load.wait(choosy("x", x));
  assert.ok(!load.hasLine);
  load.wait(waiter("a"));
  load.wait(waiter("b"));
  load.wait(choosy("y", y));
  assert.ok(load.hasLine);
  state.places = 1;
  load.admit();
  assert.deepEqual([letIn, asked.splice(0)], [["a"], ["x", "a", "b", "y"]]);
  y.free = true;
  load.admit();
  assert.deepEqual([letIn, asked], [["a", "y"], ["x", "b", "y"]]);
  x.free = true;
  state.places = 1;
  load.admit();
  assert.deepEqual([letIn, load.waiting, load.hasLine], [["a", "y", "x", "b"], 0, false]);
});

Deno.test("a place that becomes free while others are let in is offered to those before them too", () => {
  const { load, letIn, waiter, choosy } = bed(1), x = { free: false };
  load.wait(choosy("x", x));
  load.wait(waiter("a", () => {
    x.free = true;
    load.touch();
  }));
  load.admit();
  assert.deepEqual(letIn, ["a", "x"]);
});

Deno.test("who gives its place back at once lets in the next, without a stack of calls", () => {
  const { load, letIn, state, waiter } = bed(1);
  let depth = 0, deepest = 0;
  const releases = () => {
    deepest = Math.max(deepest, ++depth);
    state.places++;
    load.admit();
    depth--;
  };
  const names = Array.from({ length: 20_000 }, (_, i) => `${i}`);
  for (const name of names) load.wait(waiter(name, releases));
  load.admit();
  assert.deepEqual([letIn, deepest], [names, 1]);
});

Deno.test("who throws when it is let in keeps nobody else out for ever", () => {
  const { load, letIn, waiter } = bed(2);
  const broken: Waiter = {
    proceed() {
      load.leave(broken);
      throw new Error("broken");
    },
  };
  load.wait(broken);
  load.wait(waiter("b"));
  assert.throws(() => load.admit(), /broken/);
  load.admit();
  assert.deepEqual(letIn, ["b"]);
});

Deno.test("the budget is that of the requests under way", () => {
  const { load } = bed(0), budget = { ratio: 0.5, floor: 0 };
  assert.ok(!load.budget.take(budget));
  load.active = 2;
  assert.ok(load.budget.take(budget));
  assert.ok(!load.budget.take(budget));
});
