import { strict as assert } from "node:assert";
import { FailureLimit } from "../../../src/policies/auth/failure_limit.ts";
import { makeExchange } from "../../support/exchange.ts";

const from = (ip: string) => makeExchange({ client: { ip, peer: ip, trusted: false } });
const A = from("192.0.2.1"), B = from("192.0.2.2");

Deno.test("FailureLimit lets a client fail so many times, and forgives them with time", () => {
  const limit = new FailureLimit({ limit: 3, per: 30_000 });
  for (let i = 0; i < 3; i++) {
    assert.equal(limit.wait(A, 0), 0, `before failure ${i + 1}`);
    limit.failed(A, 0);
  }
  assert.deepEqual([limit.wait(A, 0), limit.wait(B, 0)], [10, 0]);
  assert.deepEqual([limit.wait(A, 9_000), limit.wait(A, 10_000)], [1, 0]);
  limit.failed(A, 10_000);
  assert.equal(limit.wait(A, 10_000), 10, "one was forgiven, and no more");
  assert.equal(limit.wait(A, 100_000), 0);
});

Deno.test("FailureLimit counts an IPv6 client by its /64", () => {
  const limit = new FailureLimit({ limit: 1, per: 60_000 });
  limit.failed(from("2001:db8:0:1::1"), 0);
  assert.equal(limit.wait(from("2001:db8:0:1:ffff::2"), 0), 60);
  assert.equal(limit.wait(from("2001:db8:0:2::1"), 0), 0);
});

Deno.test("FailureLimit remembers a client that fails among very many others, and not all of those", () => {
  const limit = new FailureLimit({ limit: 2, per: 60_000 });
  for (let i = 0; i < 50_000; i++) {
    if (i % 5_000 === 0) limit.failed(A, 0);
    limit.failed(from(`10.${i >> 16}.${i >> 8 & 255}.${i & 255}`), 0);
  }
  assert.ok(limit.wait(A, 0) > 0);
  limit.failed(from("10.0.0.0"), 0);
  assert.equal(limit.wait(from("10.0.0.0"), 0), 0, "its first failure was forgotten");
});
