import { strict as assert } from "node:assert";
import { refuseExpectation } from "../../../src/runtime/intake/expectation.ts";

for (const expect of ["", "100-continue", "100-Continue", "100-CONTINUE"]) {
  Deno.test(`refuseExpectation() lets ${JSON.stringify(expect)} pass`, () =>
    assert.equal(refuseExpectation(expect), null));
}

for (const expect of ["200-ok", "100-continue, x", "100-continue, 100-continue", "100-continue;q=1", "100", " "]) {
  Deno.test(`refuseExpectation() refuses ${JSON.stringify(expect)}`, () => {
    assert.equal(refuseExpectation(expect)?.status, 417);
  });
}
