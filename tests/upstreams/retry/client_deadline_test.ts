import { strict as assert } from "node:assert";
import { clientDeadline } from "../../../src/upstreams/retry/client_deadline.ts";

for (
  const [field, value, expected] of [
    ["x-request-timeout", "2", 2_000],
    ["x-request-timeout", "1.5", 1_500],
    ["x-request-timeout", "0", 0],
    ["x-request-timeout", "0.25", 250],
    ["x-request-timeout", "999999999", 999_999_999_000],
    ["x-request-timeout", "250ms", 250],
    ["x-request-timeout", "2s", 2_000],
    ["x-request-timeout", "1.5m", 90_000],
    ["x-request-timeout", "1h", 3_600_000],
    ["x-request-timeout", "5S", undefined],
    ["x-request-timeout", "100u", undefined],
    ["x-request-timeout", "", undefined],
    ["x-request-timeout", "soon", undefined],
    ["x-request-timeout", "-1", undefined],
    ["x-request-timeout", "+1", undefined],
    ["x-request-timeout", "1e3", undefined],
    ["x-request-timeout", "1.", undefined],
    ["x-request-timeout", ".5", undefined],
    ["x-request-timeout", " 1", undefined],
    ["x-request-timeout", "1, 2", undefined],
    ["x-request-timeout", "0x10", undefined],
    ["x-request-timeout", "Infinity", undefined],
    ["grpc-timeout", "1H", 3_600_000],
    ["grpc-timeout", "2M", 120_000],
    ["grpc-timeout", "5S", 5_000],
    ["grpc-timeout", "100m", 100],
    ["grpc-timeout", "1500u", 1.5],
    ["grpc-timeout", "500000n", 0.5],
    ["grpc-timeout", "0m", 0],
    ["grpc-timeout", "99999999S", 99_999_999_000],
    // gRPC writes eight digits at most, and always a unit.
    ["grpc-timeout", "100000000S", undefined],
    ["grpc-timeout", "5", undefined],
    ["grpc-timeout", "5s", undefined],
    ["grpc-timeout", "250ms", undefined],
    ["grpc-timeout", "1.5S", undefined],
    ["grpc-timeout", "", undefined],
    ["grpc-timeout", "S", undefined],
    ["grpc-timeout", "5S, 6S", undefined],
  ] as const
) {
  Deno.test(`${field}: ${JSON.stringify(value)} is ${expected === undefined ? "no time" : `${expected} ms`}`, () => {
    const deadline = clientDeadline(field, value);
    if (expected === undefined) assert.equal(deadline, undefined);
    else assert.ok(Math.abs(deadline! - expected) < 1e-9, `${deadline}`);
  });
}
