/** What the client saw. @module */

import { strict as assert } from "node:assert";
import { type MessageBody, type MessageHead, responseFraming, type ResponseHead } from "../support/http_message.ts";
import { toText } from "../support/latin1.ts";
import type { RawClient } from "../support/raw_client.ts";
import { WireError } from "../support/wire.ts";
import { checkFields } from "./check_fields.ts";
import { PROBE, PROBE_BODY } from "./probe.ts";
import type { Answer, Expected } from "./row.ts";

/** Takes the answers off the wire, then looks whether the connection is kept or closed. @throws AssertionError, WireError */
export async function checkClient(client: RawClient, expected: Expected, methods: readonly string[]): Promise<void> {
  const answers = "answers" in expected ? expected.answers : [expected];
  for (const [i, answer] of answers.entries()) await checkAnswer(client, answer, methods[i] ?? "GET");
  await AFTER[expected.after](client);
  for (const text of expected.contains ?? []) assert.ok(client.receivedText.includes(text), missing(text, client));
  for (const text of expected.lacks ?? []) assert.ok(!client.receivedText.includes(text), `got ${quote(text)}`);
}

async function checkAnswer(client: RawClient, expected: Answer, method: string): Promise<void> {
  if (expected.optional && !await client.more()) return;
  const interim: number[] = [];
  let head = await client.responseHead();
  for (; head.status < 200 && head.status !== 101; head = await client.responseHead()) interim.push(head.status);
  const { status } = expected;
  const right = typeof status === "number" ? head.status === status : status.includes(head.status);
  assert.ok(
    right,
    `status ${head.status} instead of ${status}; received: ${quote(client.receivedText.slice(0, 1000))}`,
  );
  if (expected.interim !== "any") assert.deepEqual(interim, expected.interim ?? [], "interim statuses");
  checkFields(expected.fields, valuesOf(head), "of the answer");
  if (expected.framing !== undefined) assert.equal(responseFraming(head, method).kind, expected.framing, "framing");
  if (expected.cut) await checkCut(client, head, method, expected);
  else checkBody(await client.body(head, method), expected);
}

function checkBody(body: MessageBody, expected: Answer): void {
  const text = toText(body.bytes);
  if (expected.body instanceof RegExp) assert.match(text, expected.body);
  else if (expected.body !== undefined) assert.equal(text, expected.body);
  const trailersOf = (name: string) => body.trailers.filter(([key]) => key.toLowerCase() === name).map(([, v]) => v);
  checkFields(expected.trailers, trailersOf, "of the trailers");
}

/** The rest that comes is no whole body. */
async function checkCut(client: RawClient, head: ResponseHead, method: string, expected: Answer): Promise<void> {
  await assert.rejects(
    client.body(head, method),
    (error) => error instanceof WireError && error.ending !== null,
    "the body must break off",
  );
  if (expected.body !== undefined) assert.match(toText(client.takeNow()), new RegExp(expected.body));
  else client.takeNow();
}

const AFTER: { readonly [after in Expected["after"]]: (client: RawClient) => Promise<void> } = {
  async kept(client) {
    await client.send(PROBE);
    const response = await client.response();
    assert.equal(response.text, PROBE_BODY, "the answer to a second request");
    assert.equal(toText(client.takeNow()), "", "bytes behind the last answer");
  },
  closed: (client) => ended(client, ["fin"]),
  reset: (client) => ended(client, ["reset"]),
  ended: (client) => ended(client, ["fin", "reset"]),
  unchecked: () => Promise.resolve(),
  async either(client) {
    const answered = (text: string) => text.startsWith("HTTP/1.1 200 ") && text.endsWith(PROBE_BODY);
    const rest = async () => {
      await client.send(PROBE);
      return await client.takeWhen("a second answer or the end", answered);
    };
    await rest().catch((error) => {
      if (!(error instanceof WireError && error.ending !== null)) throw error;
      assert.equal(toText(client.takeNow()), "", "bytes behind the last answer");
    });
  },
};

async function ended(client: RawClient, endings: readonly string[]): Promise<void> {
  const ending = await client.ended();
  assert.equal(toText(client.takeNow()), "", "bytes behind the last answer");
  assert.ok(endings.includes(ending), `the connection ended with ${ending}, not ${endings.join(" or ")}`);
}

function valuesOf(head: MessageHead): (name: string) => readonly string[] {
  return (name) => head.headerValues(name);
}

function missing(text: string, client: RawClient): string {
  return `no ${quote(text)} in ${quote(client.receivedText.slice(0, 2000))}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
