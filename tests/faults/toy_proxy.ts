/** A proxy in a few lines that does its work, or one thing wrong: it shows that the harness finds what it looks for. @module */

import type { MessageBody, RequestHead, ResponseHead } from "../support/http_message.ts";
import { toText } from "../support/latin1.ts";
import { RawClient } from "../support/raw_client.ts";
import { type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import type { RunningProxy } from "./run_scenario.ts";

/** What it does wrong. */
export type Mistake =
  /** Sends anything again. */
  | "repeats POST"
  /** Sends nothing again. */
  | "gives up"
  /** Sends again without the body. */
  | "forgets the body"
  /** Ends an answer properly that broke off. */
  | "completes what was cut"
  /** Leaves its client waiting. */
  | "hangs"
  /** Passes on what is no HTTP. */
  | "passes anything";

/** Milliseconds that it waits for an endpoint. */
const PATIENCE = 10_000;

/** Starts one. `mistake`: `null` for none. */
export async function startToyProxy(
  endpoints: readonly [number, number],
  mistake: Mistake | null,
): Promise<RunningProxy> {
  let turn = 0;
  const front = await ScriptedOrigin.start(async (request) => {
    const { bytes } = await request.body(), method = request.method;
    const first = turn++;
    for (let count = 0; count < 2; count++) {
      const body = count > 0 && mistake === "forgets the body" ? "" : toText(bytes);
      const end = await passOn(request, endpoints[(first + count) % 2], body, mistake);
      if (end === "answered") return;
      const again = method !== "POST" || end === "nothing sent" || mistake === "repeats POST";
      if (!again || mistake === "gives up") break;
    }
    if (mistake === "hangs") return await request.hang();
    if (mistake === "passes anything") return await request.send("what is this\r\n\r\n");
    await request.send("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
  }, { guardMs: PATIENCE });
  return { port: front.port, [Symbol.asyncDispose]: () => front[Symbol.asyncDispose]() };
}

/** Asks one endpoint. `answered`: what there was of its answer has gone to the client. */
async function passOn(
  request: OriginRequest,
  port: number,
  body: string,
  mistake: Mistake | null,
): Promise<"answered" | "nothing sent" | "no answer"> {
  let head: ResponseHead, answered: MessageBody, sent = false;
  try {
    await using client = await RawClient.connect(port, { guardMs: PATIENCE });
    sent = true;
    await client.send(headFor(request.head, body.length) + body);
    head = await client.responseHead();
    try {
      answered = await client.body(head, request.method);
    } catch {
      if (mistake === "completes what was cut") await answer(request, head.status, toText(client.takeNow()));
      else await request.connection.close();
      return "answered";
    }
  } catch {
    return sent ? "no answer" : "nothing sent";
  }
  await answer(request, head.status, toText(answered.bytes));
  return "answered";
}

function headFor({ method, target }: RequestHead, length: number): string {
  return `${method} ${target} HTTP/1.1\r\nhost: toy\r\ncontent-length: ${length}\r\n\r\n`;
}

function answer(request: OriginRequest, status: number, body: string): Promise<void> {
  return request.send(`HTTP/1.1 ${status} Passed\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}
