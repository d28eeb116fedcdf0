import { strict as assert } from "node:assert";
import { isPreflight } from "../../src/http/preflight.ts";
import { type ExchangeOptions, makeExchange } from "../support/exchange.ts";

Deno.test("isPreflight() is OPTIONS with an origin and the method that is asked for", () => {
  const origin = ["origin", "https://app.example.com"] as const,
    method = ["access-control-request-method", "PUT"] as const;
  const cases: [ExchangeOptions, boolean][] = [
    [{ method: "OPTIONS", headers: [origin, method] }, true],
    [{ method: "OPTIONS", headers: [origin, ["access-control-request-method", ""]] }, true],
    [{ method: "GET", headers: [origin, method] }, false],
    [{ method: "OPTIONS", headers: [origin] }, false],
    [{ method: "OPTIONS", headers: [method] }, false],
    [{ method: "OPTIONS", headers: [origin, method], path: "*" }, false],
  ];
  for (const [request, expected] of cases) assert.equal(isPreflight(makeExchange(request)), expected);
});
