/** One input, sent to all three. @module */

import { converse } from "./conversation.ts";
import type { Verdicts } from "./relation.ts";
import type { Server } from "./started.ts";
import { isReading, type Verdict, verdictOf } from "./verdict.ts";

/** The servers that are compared. */
export interface Servers {
  readonly gateway: Server;
  readonly node: Server;
  readonly nginx: Server;
}

/** One input and how it is sent. */
export interface Question {
  readonly text: string;
  /** Where it is cut in two segments; 0 for one. */
  readonly cut: number;
  /** Told apart by it from everything else that is under way. */
  readonly tag: number;
}

/**
 * Sends the input, and a request of ours behind it, to each server.
 *
 * @param patience milliseconds of silence after which a server counts as waiting
 */
export async function judge({ text, cut, tag }: Question, servers: Servers, patience: number): Promise<Verdicts> {
  const last = text.slice(cut) + sentinel(tag), pieces = cut === 0 ? [last] : [text.slice(0, cut), last];
  const sent = pieces.join("");
  const ask = async ({ port, origin }: Server): Promise<Verdict> => {
    const verdict = verdictOf(await converse(port, pieces, patience));
    for (const { number } of verdict.results.filter(isReading)) origin?.claim(number);
    return verdict;
  };
  const [gateway, node, nginx] = await Promise.all([ask(servers.gateway), ask(servers.node), ask(servers.nginx)]);
  return { sent, gateway, node, nginx };
}

/**
 * The request behind an input: where a server finds it, there it takes the input to end. It is the last on its connection.
 *
 * @param tag makes it unlike that of every other connection, so that nobody's request can pass for another's
 */
function sentinel(tag: number): string {
  return `GET /sentinel/${tag} HTTP/1.1\r\nHost: sentinel.example\r\nConnection: close\r\n\r\n`;
}
