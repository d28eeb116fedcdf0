/** What the origin saw. @module */

import { strict as assert } from "node:assert";
import { requestFraming } from "../support/http_message.ts";
import { toText } from "../support/latin1.ts";
import { checkFields } from "./check_fields.ts";
import type { Expected, Seen } from "./row.ts";
import type { ReceivedRequest, WireOrigin } from "./wire_origin.ts";

/** Compares every byte that the origin was sent, once the gateway has stopped. @throws AssertionError */
export function checkOrigin(origin: WireOrigin, expected: Expected["origin"]): void {
  if (origin.failures.length > 0) throw new AggregateError(origin.failures, "the origin's part failed");
  if (expected === "unchecked") return;
  if (expected === "nothing whole") {
    for (const { request, body } of origin.received) assert.equal(body, null, `${request.head.startLine} came whole`);
    return;
  }
  const wanted = requests(expected), lines = origin.received.map(({ request }) => request.head.startLine);
  assert.equal(lines.length, wanted.length, `the origin saw ${lines.length === 0 ? "nothing" : lines.join(" and ")}`);
  for (const [i, seen] of wanted.entries()) checkRequest(origin.received[i], seen);
  if (wanted.some((seen) => seen.broken)) return;
  // What is no whole request stays untaken: half a head, or a body beyond its length.
  for (const connection of origin.connections) {
    assert.equal(toText(connection.takeNow()), "", "bytes beyond the last whole request at the origin");
  }
}

function requests(expected: Exclude<Expected["origin"], "nothing whole" | "unchecked">): readonly Seen[] {
  if (expected === "nothing") return [];
  if (expected === undefined) return [{}];
  return "length" in expected ? expected : [expected];
}

function checkRequest({ request, body }: ReceivedRequest, expected: Seen): void {
  const { head } = request;
  if (expected.line !== undefined) assert.equal(head.startLine, expected.line);
  checkFields(expected.fields, (name) => head.headerValues(name), "at the origin");
  for (const text of expected.contains ?? []) {
    assert.ok(head.text.includes(text), `no ${JSON.stringify(text)} in ${JSON.stringify(head.text)}`);
  }
  if (expected.framing !== undefined) {
    assert.equal(requestFraming(head).kind, expected.framing, "framing at the origin");
  }
  assert.equal(body === null, expected.broken ?? false, body === null ? "the body is not whole" : "the body is whole");
  if (body === null) return;
  if (expected.body !== undefined) assert.equal(toText(body.bytes), expected.body, "the body at the origin");
  const trailersOf = (name: string) => body.trailers.filter(([key]) => key.toLowerCase() === name).map(([, v]) => v);
  checkFields(expected.trailers, trailersOf, "of the trailers at the origin");
}
