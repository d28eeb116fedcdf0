/** Requests with a body of their own, and the check of what comes back. @module */

import type { Xorshift } from "../fuzz/generate/xorshift.ts";
import type { World } from "./behaviour.ts";
import { type ClientConnection, Cut } from "./connection.ts";
import { contentOf, wrongContent } from "./content.ts";

/** A request, and what its answer must be. */
export interface Asked {
  readonly id: number;
  readonly size: number;
  readonly head: string;
  /** What follows the head: the pieces of the body as they are sent, framing included. */
  readonly pieces: readonly (string | Uint8Array)[];
}

/** Statuses that say that the origin could not be asked. */
const UNREACHABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** Mostly small, now and then large. */
export function anySize(random: Xorshift, largest: number): number {
  return random.below(random.oneIn(20) ? largest : random.oneIn(3) ? Math.min(largest, 65_536) : 2048);
}

/** Asks for a body: by its length or in chunks. */
export function download(world: World, random: Xorshift, size: number): Asked {
  const id = world.nextId(), chunked = random.oneIn(2) ? "&chunked" : "";
  return { id, size, head: head(id, "GET", `/content?id=${id}&size=${size}${chunked}`), pieces: [] };
}

/** Sends a body that comes back: by its length or in chunks of `piece` bytes or less. */
export function upload(world: World, random: Xorshift, size: number, piece: number): Asked {
  const id = world.nextId(), bytes = contentOf(id, size), target = random.oneIn(2) ? "/echo" : "/echo?chunked";
  const expect = random.oneIn(8) ? ["Expect: 100-continue"] : [], parts: Uint8Array[] = [];
  for (let at = 0; at < size; at += piece) parts.push(bytes.subarray(at, at + piece));
  if (random.oneIn(2)) {
    return { id, size, head: head(id, "POST", target, `Content-Length: ${size}`, ...expect), pieces: parts };
  }
  const chunks = parts.flatMap((part) => [`${part.length.toString(16)}\r\n`, part, "\r\n"]);
  return {
    id,
    size,
    head: head(id, "POST", target, "Transfer-Encoding: chunked", ...expect),
    pieces: [...chunks, "0\r\n\r\n"],
  };
}

/** Sends all of a request, with milliseconds between its pieces. An answer may come before the end, and the end then fails. */
export async function sendAll(connection: ClientConnection, { head, pieces }: Asked, pause = 0): Promise<void> {
  await connection.send(head);
  for (const piece of pieces) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    await connection.send(piece);
  }
}

/**
 * Takes an answer: the content that was asked for, or that the origin could not be reached when it was away.
 * @param since when the request was begun, in milliseconds since the epoch
 * @returns whether the connection may go on
 */
export async function takeAnswer(
  { tally }: World,
  connection: ClientConnection,
  { id, size }: Asked,
  since: number,
): Promise<boolean> {
  const head = await connection.head();
  if (head.status === 200) {
    const bytes = await connection.body(head), wrong = wrongContent(bytes, id, size);
    tally.answered(200);
    tally.compared += size;
    if (wrong !== null) tally.fault(`another body: ${wrong}`);
    return head.keep;
  }
  const text = new TextDecoder().decode(await connection.body(head));
  tally.answered(head.status);
  if (!UNREACHABLE.has(head.status) || !tally.wasAway(since, Date.now())) {
    tally.fault(
      `${head.status} ${/"code":"([a-z_]*)"/.exec(text)?.[1] ?? text.slice(0, 100)}, and the origin was there`,
    );
  }
  return head.keep;
}

/** Sends a request and takes its answer meanwhile. @returns whether the connection may go on */
export async function exchange(
  world: World,
  connection: ClientConnection,
  asked: Asked,
  pause = 0,
): Promise<boolean> {
  const since = Date.now();
  let whole = true;
  const sent = sendAll(connection, asked, pause).catch((error) => {
    if (!(error instanceof Cut)) throw error;
    whole = false;
  });
  const [keep] = await Promise.all([takeAnswer(world, connection, asked, since), sent]);
  return keep && whole;
}

/** The id stands in the gateway's logs too. */
function head(id: number, method: string, target: string, ...fields: string[]): string {
  const lines = [`${method} ${target} HTTP/1.1`, "Host: soak.example", `X-Request-Id: soak-${id}`, ...fields];
  return lines.join("\r\n") + "\r\n\r\n";
}
