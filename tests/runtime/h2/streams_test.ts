import { strict as assert } from "node:assert";
import { isBodySource } from "../../../src/core/body.ts";
import { Reply } from "../../../src/core/reply.ts";
import { AbuseGuard } from "../../../src/runtime/h2/abuse_guard.ts";
import { FieldList } from "../../../src/runtime/h2/field_list.ts";
import { FrameOutput } from "../../../src/runtime/h2/frame_output.ts";
import { CONNECTION_WINDOW, MAX_STREAMS } from "../../../src/runtime/h2/settings.ts";
import { Streams } from "../../../src/runtime/h2/streams.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import * as f from "./frames.ts";
import { MemoryStream } from "./memory_stream.ts";
import { settled } from "./peer.ts";
import { TestListener } from "./test_listener.ts";

/** The streams of a connection whose frames are given by hand, and which are looked at by the clock. */
function streamsOf(listener: TestListener): Streams {
  const { sweep, pool, timeouts, facts } = listener, nothing = () => {};
  const events = { sentContent: nothing, relieved: nothing, unwritable: nothing };
  const streams: Streams = new Streams(new AbuseGuard(sweep, MAX_STREAMS), {
    client: facts.clients.ofPeer("192.0.2.1"),
    service: listener,
    output: new FrameOutput(new MemoryStream(), sweep, timeouts.write, pool, events),
    welcoming: true,
    filled: nothing,
    emptied: nothing,
    completed: nothing,
    deafened: nothing,
  });
  sweep.add({ look: (tick) => streams.table.all().forEach((stream) => stream.look(tick)) });
  return streams;
}

/** Opens a stream for a request with a body. */
function post(streams: Streams, id: number, path: string): void {
  const fields = new FieldList(32_768);
  for (const [name, value] of f.pseudo("POST", path)) fields.field(name, value);
  streams.opened(id, fields, false);
  streams.begin();
}

/** Takes bytes for a stream, as the connection does. */
function receive(streams: Streams, id: number, count: number): void {
  assert.ok(streams.window.received(count));
  streams.table.get(id)?.received(new Uint8Array(count), 0, count);
}

Deno.test("Streams: who waits for a full window is not blamed while others hold it, and is when nobody does", async () => {
  const listener = new TestListener(async ({ path, body }) => {
    if (path === "/held") return await new Promise<Reply>(() => {});
    if (isBodySource(body)) await body.read(new Uint8Array(1024));
    return Reply.text(200, "read");
  });
  const streams = streamsOf(listener), clock = listener.clock as FakeClock;
  post(streams, 1, "/read");
  post(streams, 3, "/held");
  receive(streams, 3, CONNECTION_WINDOW / 4);
  // Bytes that no stream has, and that were never given back.
  assert.ok(streams.window.received(streams.window.left));
  await clock.pass(20_000, settled);
  await settled();
  assert.deepEqual(listener.lines, []);
  streams.resetByClient(streams.table.get(3)!);
  await clock.pass(8_400, settled);
  await settled();
  assert.deepEqual(listener.lines, ["408 POST /read request_body_timeout"]);
  streams.output.close();
});
