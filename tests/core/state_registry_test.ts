import { strict as assert } from "node:assert";
import { StateRegistry } from "../../src/core/state_registry.ts";

class Closable {
  closed = 0;
  close(): void {
    this.closed++;
  }
}

const make = () => new Closable();

Deno.test("state under the same id and shape is kept from plan to plan", () => {
  const states = new StateRegistry();
  const first = states.state("pool/a", { max: 1, url: "x" }, make);
  states.commit();
  states.begin();
  assert.equal(states.state("pool/a", { max: 1, url: "x" }, make), first);
  states.commit();
  assert.equal(first.closed, 0);
});

Deno.test("another shape makes new state, and the old is closed once the plan is in force", () => {
  const states = new StateRegistry();
  const first = states.state("pool/a", { max: 1 }, make);
  states.commit();
  states.begin();
  const second = states.state("pool/a", { max: 2 }, make);
  assert.notEqual(second, first);
  assert.equal(first.closed, 0, "the old plan still serves");
  states.commit();
  assert.deepEqual([first.closed, second.closed], [1, 0]);
});

Deno.test("what a plan does not ask for is closed", () => {
  const states = new StateRegistry();
  const gone = states.state("a", null, make), kept = states.state("b", null, make);
  states.commit();
  states.begin();
  states.state("b", null, make);
  states.commit();
  assert.deepEqual([gone.closed, kept.closed, states.ids], [1, 0, ["b"]]);
});

Deno.test("rollback() closes what was made for the plan that failed, and nothing else", () => {
  const states = new StateRegistry();
  const kept = states.state("a", 1, make);
  states.commit();
  states.begin();
  states.state("a", 1, make);
  const replaced = states.state("a", 2, make), fresh = states.state("b", null, make);
  states.rollback();
  assert.deepEqual([kept.closed, replaced.closed, fresh.closed], [0, 1, 1]);
  assert.equal(states.state("a", 1, make), kept);
});

Deno.test("asked twice for one plan, the same object comes", () => {
  const states = new StateRegistry();
  assert.equal(states.state("a", [1], make), states.state("a", [1], make));
});

Deno.test("close() closes everything once", () => {
  const states = new StateRegistry(), made = states.state("a", null, make);
  states.commit();
  states.begin();
  const next = states.state("b", null, make);
  states.close();
  assert.deepEqual([made.closed, next.closed, states.ids], [1, 1, []]);
});

Deno.test("what is asked for while no plan is built belongs to the plan in force, and goes with it", () => {
  const states = new StateRegistry();
  states.commit();
  const late = states.state("late", 1, make), other = states.state("late", 2, make);
  assert.equal(states.state("late", 2, make), other);
  assert.deepEqual([late.closed, other.closed], [1, 0], "another shape takes its place at once");
  states.begin();
  states.rollback();
  assert.equal(other.closed, 0, "a plan that came to nothing leaves it");
  states.begin();
  states.commit();
  assert.equal(other.closed, 1);
});

Deno.test("values are the state in force", () => {
  const states = new StateRegistry(), first = states.state("a", null, make);
  assert.deepEqual(states.values, [], "the first plan is still being built");
  states.commit();
  states.begin();
  const second = states.state("b", null, make);
  assert.deepEqual(states.values, [first]);
  states.commit();
  assert.deepEqual(states.values, [second]);
});
