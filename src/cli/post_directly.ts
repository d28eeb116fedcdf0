/** Requests that go where they are addressed, and nowhere else. @module */

import { text } from "node:stream/consumers";

/** What to send. */
export interface DirectPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds for the whole answer. */
  readonly patience: number;
}

/** What came back. */
export interface DirectAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Posts, and follows nobody elsewhere. Not by `fetch`: that would take a token to the proxy that the environment names, on
 * the way to an address of this machine too.
 *
 * @throws Error (rejects) where no answer comes
 */
export async function postDirectly(url: string, { headers, body, patience }: DirectPost): Promise<DirectAnswer> {
  // Loaded by those who ask: most commands do not.
  const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  const { promise, resolve, reject } = Promise.withResolvers<DirectAnswer>();
  const signal = AbortSignal.timeout(patience);
  const sent = request(url, { method: "POST", headers, agent: false, signal }, (answer) => {
    text(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
  });
  sent.on("error", (error) => reject(signal.aborted ? new Error(`no answer within ${patience / 1000} s`) : error));
  sent.end(body);
  return await promise;
}
