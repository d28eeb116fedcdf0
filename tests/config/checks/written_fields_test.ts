import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { headers } from "../../../src/policies/shape/headers.ts";

const printed = (config: object) =>
  validateConfig({ routes: [{ path: "/", respond: {} }], ...config }).issues.map(({ path, message }) =>
    `${path}: ${message}`
  );
const because = "the gateway writes it itself after the policies: it is the field of requestId";

Deno.test("checkWrittenFields() refuses edits of the request id's field, whatever its name", () => {
  const policies = [headers({
    request: { set: { "X-Request-Id": "a" }, append: { "x-trace": "b" }, remove: ["x-a", "x-request-id"] },
  })];
  assert.deepEqual(printed({ policies }), [
    `policies[0].request.set.X-Request-Id: X-Request-Id cannot be changed on the request: ${because}`,
    `policies[0].request.remove[1]: x-request-id cannot be changed on the request: ${because}`,
  ]);
  assert.deepEqual(printed({ policies, requestId: { header: "X-Trace" } }), [
    `policies[0].request.append.x-trace: x-trace cannot be changed on the request: ${because}`,
  ]);
});

Deno.test("checkWrittenFields() sees the policies of routes, beside wrong options too", () => {
  const policy = headers({ request: { set: { "x-request-id": "a" }, remov: [] } as object });
  assert.deepEqual(printed({ routes: [1, 2].map((n) => ({ path: `/${n}`, respond: {}, policies: [policy] })) }), [
    `routes[0].policies[0].request.set.x-request-id: x-request-id cannot be changed on the request: ${because}`,
    'routes[0].policies[0].request.remov: unknown key, did you mean "remove"?',
  ]);
});

Deno.test("checkWrittenFields() leaves the response alone, and says nothing while the name is wrong", () => {
  assert.deepEqual(printed({ policies: [headers({ response: { remove: ["x-request-id"] } })] }), []);
  const policies = [headers({ request: { remove: ["x-request-id"] } })];
  assert.deepEqual(printed({ policies, requestId: { header: "a b" } }), [
    "requestId.header: this is no name of a header",
  ]);
});

Deno.test("checkWrittenFields() refuses edits of the fields that tell of traces, where there are traces", () => {
  const policies = [headers({ request: { remove: ["Baggage", "b3"], set: { traceparent: "a" } } })];
  const reason = "the gateway writes it itself after the policies: it is a field of telemetry.traces.propagate";
  assert.deepEqual(printed({ policies }), []);
  assert.deepEqual(printed({ policies, telemetry: { traces: true } }), [
    `policies[0].request.remove[0]: Baggage cannot be changed on the request: ${reason}`,
    `policies[0].request.set.traceparent: traceparent cannot be changed on the request: ${reason}`,
  ]);
  assert.deepEqual(printed({ policies, telemetry: { traces: { propagate: ["b3"] } } }), [
    `policies[0].request.remove[1]: b3 cannot be changed on the request: ${reason}`,
  ]);
});

Deno.test("headers() refuses the fields that say whom the gateway speaks for", () => {
  for (const name of ["x-forwarded-for", "X-Forwarded-Proto", "x-forwarded-host", "forwarded", "via"]) {
    assert.deepEqual(printed({ policies: [headers({ request: { set: { [name]: "a" } } })] }), [
      `policies[0].request.set.${name}: ${name} cannot be changed on the request: ` +
      "the gateway writes it from the connection and from trustedProxies",
    ]);
  }
});
