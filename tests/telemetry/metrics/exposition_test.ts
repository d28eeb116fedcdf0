import { strict as assert } from "node:assert";
import fc from "fast-check";
import { exposition, wantsOpenMetrics } from "../../../src/telemetry/metrics/exposition.ts";

const OPEN = "application/openmetrics-text";
const CASES: readonly (readonly [string | null, boolean])[] = [
  [null, false],
  ["", false],
  ["*/*", false],
  ["text/html", false],
  ["application/*", false],
  [OPEN, true],
  [`${OPEN};version=1.0.0`, true],
  [`${OPEN};version="1.0.0"`, true],
  [`${OPEN}; Version=0.0.1`, true],
  [`${OPEN};version=2.0.0`, false],
  [`${OPEN};q=0`, false],
  [`${OPEN};q=0.5,text/plain;q=0.5`, true],
  [`${OPEN};q=0.4,text/plain;q=0.5`, false],
  [`${OPEN};q=0.4,text/plain;version=9;q=0.5`, true],
  [`${OPEN};q=high`, false],
  // What Prometheus 2 and 3 say.
  [`${OPEN};version=1.0.0,${OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`, true],
  [
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6," +
    `${OPEN};version=1.0.0;escaping=allow-utf-8;q=0.5,${OPEN};version=0.0.1;q=0.4,` +
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    true,
  ],
];
for (const [accept, open] of CASES) {
  Deno.test(`Accept ${accept} is ${open ? "" : "not "}for OpenMetrics`, () => {
    assert.equal(wantsOpenMetrics(accept), open);
    assert.equal(exposition([], accept).type.startsWith(OPEN), open);
    assert.equal(exposition([], accept).text, open ? "# EOF\n" : "");
  });
}

Deno.test("any Accept has an answer", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'aq=;,"*/ .01', OPEN, "text/plain") }), (accept) => {
    exposition([], accept);
  }));
});
