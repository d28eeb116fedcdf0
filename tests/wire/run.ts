/** Runs the table against an engine. @module */

import { strict as assert } from "node:assert";
import type { Gateway } from "../../src/config/types/gateway.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RawClient } from "../support/raw_client.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { WireError } from "../support/wire.ts";
import { checkClient } from "./check_client.ts";
import { checkOrigin } from "./check_origin.ts";
import type { EngineName, Expected, Row } from "./row.ts";
import { Stage } from "./stage.ts";
import { WireOrigin } from "./wire_origin.ts";

/** Registers one test for each row. */
export function testRows(rows: readonly Row[], engine: EngineName): void {
  for (const row of rows) {
    const expected = engine === "serve" && row.serve !== undefined ? row.serve.expect : row.expect;
    if (expected === null) continue;
    Deno.test(`${row.name} (${row.rfc})`, () => {
      if (expected !== "refused config") return runRow(row, engine, expected);
      assert.throws(() => startGateway(row, engine, "http://127.0.0.1:1"), /the engine "serve" has no /);
    });
  }
}

/** Plays a case against a gateway and an origin of its own, and checks what became of it. */
async function runRow(row: Row, engine: EngineName, expected: Expected): Promise<void> {
  await using origin = await WireOrigin.start(row);
  {
    const clock = new FakeClock();
    await using gateway = startGateway(row, engine, origin.url, clock);
    await playRow(row, expected, origin, gateway.port, clock);
  }
  // Only now is it certain that nothing more is on its way.
  checkOrigin(origin, expected.origin);
}

/** @throws Error with the issues of a config that the engine cannot honour */
function startGateway(row: Row, engine: EngineName, url: string, clock = new FakeClock()): TestGateway {
  return TestGateway.start((row.config ?? everything)(url), { clock }, { ...row.listen, engine });
}

/** The client's part of a case, against whatever listens on a port. */
export async function playRow(
  row: Row,
  expected: Expected,
  origin: WireOrigin,
  port: number,
  clock: FakeClock,
): Promise<void> {
  await using stage = new Stage(await RawClient.connect(port), clock, port, origin);
  origin.enter(stage);
  await send(row, stage);
  try {
    await checkClient(stage.client, expected, row.methods ?? [methodOf(row)]);
  } catch (error) {
    // What the origin's part did wrong is then mostly the cause.
    if (origin.failures.length > 0) throw new AggregateError([error, ...origin.failures], "both parts failed");
    throw error;
  }
}

async function send({ send }: Row, stage: Stage): Promise<void> {
  if (typeof send === "function") return await send(stage);
  try {
    await (typeof send === "string" ? stage.client.send(send) : stage.client.sendPieces(send));
  } catch (error) {
    // Whoever refuses a request need not take the rest of it: what is expected of the answer decides.
    if (!(error instanceof WireError && stage.client.ending !== null)) throw error;
  }
}

function methodOf({ send }: Row): string {
  if (typeof send === "function") return "GET";
  const text = (typeof send === "string" ? send : send.join("")).trimStart();
  return text.slice(0, Math.max(0, text.indexOf(" ")));
}

/** One try: what the origin does in it is what a row is about. */
const everything = (url: string): Gateway => ({
  upstreams: { origin: { endpoints: [url], retry: false } },
  routes: [{ path: "/*", upstream: "origin" }],
});
