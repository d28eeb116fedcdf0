/** What the tests of the engine share: a gateway in front of an origin, requests as text, and counts that stand still. @module */

import { turn } from "../../support/turn.ts";
import { defineGateway, type UpstreamConfig } from "gatewright";
import type { FakeClock } from "../../support/fake_clock.ts";
import type { ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway, type TestListener } from "../../support/test_gateway.ts";

/** Where a test departs from the usual. */
export interface Setup {
  readonly clock?: FakeClock;
  /** Settings of the listener. */
  readonly listen?: TestListener;
  /** The upstream's limits on waiting. */
  readonly timeouts?: UpstreamConfig["timeouts"];
  /** Most connections to the origin. */
  readonly pool?: UpstreamConfig["pool"];
  /** How long stopping may take. */
  readonly grace?: `${number}s`;
}

/** A gateway that sends everything to one origin. */
export function gatewayTo(
  origin: ScriptedOrigin,
  { clock, listen, timeouts, pool, grace = "30s" }: Setup = {},
): TestGateway {
  const config = defineGateway({
    shutdown: { grace },
    upstreams: { o: { endpoints: [origin.url], timeouts, pool } },
    routes: [{ path: "/*", upstream: "o" }],
  });
  return TestGateway.start(config, clock === undefined ? {} : { clock }, { engine: "h1", ...listen });
}

/** A head: each line ended by CRLF, and the empty line. */
export function head(...lines: string[]): string {
  return lines.join("\r\n") + "\r\n\r\n";
}

/** A GET with these fields behind Host. */
export function get(target = "/", ...fields: string[]): string {
  return head(`GET ${target} HTTP/1.1`, "host: a.example", ...fields);
}

/** A POST with these fields behind Host, and what follows its head. */
export function post(fields: readonly string[], body = "", target = "/"): string {
  return head(`POST ${target} HTTP/1.1`, "host: a.example", ...fields) + body;
}

/** One chunk. */
export function chunk(data: string): string {
  return `${data.length.toString(16)}\r\n${data}\r\n`;
}

/**
 * Waits until what was sent has arrived: a byte that is sent after it, from this process to itself, is here, and the loop
 * has turned a few times since.
 */
export async function arrive(): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const [there, here] = await Promise.all([Deno.connect({ hostname: "127.0.0.1", port }), listener.accept()]);
  using _there = there;
  using _here = here;
  await there.write(new Uint8Array(1));
  await here.read(new Uint8Array(1));
  for (let turns = 0; turns < 4; turns++) await turn();
}

/** Turns of the event loop in which a count must not change to count as standing still. */
const STILL_TURNS = 20;

/** Lets the event loop turn until a count has stopped to change: what can move has moved. A slow machine only stops too soon. */
export async function whenStill(count: () => number): Promise<number> {
  let last = count();
  for (let turns = 0; turns < STILL_TURNS; turns++) {
    await turn();
    const now = count();
    if (now !== last) turns = 0;
    last = now;
  }
  return last;
}
