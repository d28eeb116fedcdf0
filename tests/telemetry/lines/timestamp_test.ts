import { strict as assert } from "node:assert";
import { timestamps } from "../../../src/telemetry/lines/timestamp.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("timestamps() are up to 10 ms late and follow a clock that is set back", () => {
  const clock = new FakeClock({ wall: Date.UTC(2026, 10, 21, 10, 0, 0, 5) });
  const now = timestamps(clock);
  assert.equal(now(), "2026-11-21T10:00:00.005Z");
  clock.advance(9);
  assert.equal(now(), "2026-11-21T10:00:00.005Z");
  clock.advance(1);
  assert.equal(now(), "2026-11-21T10:00:00.015Z");
  clock.setWall(Date.UTC(2025, 0, 1));
  assert.equal(now(), "2025-01-01T00:00:00.000Z");
});
