import { strict as assert } from "node:assert";
import { Prepared } from "../../../src/upstreams/balancers/prepared.ts";
import type { Endpoint } from "../../../src/upstreams/endpoint.ts";
import { makeEndpoints } from "./fake_endpoints.ts";

function counting() {
  const made: (readonly Endpoint[])[] = [];
  return { made, prepared: new Prepared((eligible) => ({ eligible, n: made.push(eligible) })) };
}

Deno.test("an array is prepared when it comes for the second time, and once", () => {
  const { made, prepared } = counting(), all = makeEndpoints([1]);
  assert.equal(prepared.of(all), null);
  assert.equal(prepared.of(all)?.eligible, all);
  assert.equal(prepared.of(all), prepared.of(all));
  assert.deepEqual(made, [all]);
});

Deno.test("arrays that come once in between cost no preparation", () => {
  const { made, prepared } = counting(), all = makeEndpoints([1, 1]);
  prepared.of(all);
  for (let i = 0; i < 10; i++) {
    assert.equal(prepared.of(all)?.eligible, all);
    assert.equal(prepared.of([all[0]]), null);
  }
  assert.deepEqual(made, [all]);
});

Deno.test("a new array that stays is prepared, also between others that come once", () => {
  const { prepared } = counting(), before = makeEndpoints([1]), after = makeEndpoints([1]);
  prepared.make(before);
  assert.equal(prepared.of(after), null);
  assert.equal(prepared.of([]), null);
  assert.equal(prepared.of(after)?.eligible, after);
  assert.equal(prepared.last?.eligible, after);
});
