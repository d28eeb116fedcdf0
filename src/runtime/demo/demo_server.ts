/** One demo endpoint that listens. @module */

import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Random } from "../../core/random.ts";
import { ServeListener } from "../serve/listener.ts";

/** What a demo endpoint needs of the world. */
export interface DemoEnv {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A demo endpoint that takes connections. */
export interface DemoServer {
  /** The port that was chosen where 0 was asked for. */
  readonly port: number;
  /** Takes no more connections, answers what is under way at once, and resolves when that is out. */
  stop(): Promise<void>;
}

/** Answers one request whose body has been read. `unwanted` gives a signal that nobody waits for the answer any more. */
export type DemoAnswer = (unwanted: () => AbortSignal) => Response | Promise<Response>;

/**
 * Listens on loopback and answers every request alike.
 *
 * @param answering makes the answer for the port that is listened on
 * @throws Deno.errors.AddrInUse when the port is taken
 */
export function serveDemo(port: number, env: DemoEnv, answering: (port: number) => DemoAnswer): DemoServer {
  const stopping = new AbortController();
  const listener = new ServeListener(
    { hostname: "127.0.0.1", port },
    (request) => {
      const reply = () => answer(() => AbortSignal.any([request.signal, stopping.signal]));
      return request.body === null ? reply() : discarded(request.body).then(reply, brokenOff);
    },
    env.clock,
    env.log,
  );
  const answer = answering(listener.address.port);
  return {
    port: listener.address.port,
    stop() {
      stopping.abort();
      return listener.drain();
    },
  };
}

/** An answer of JSON in one line. */
export function jsonAnswer(status: number, value: unknown): () => Response {
  const text = JSON.stringify(value) + "\n";
  return () => new Response(text, { status, headers: { "content-type": "application/json" } });
}

/** Reads a body to its end: left unread it would cost the client its connection. */
async function discarded(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  while (!(await reader.read()).done);
}

function brokenOff(): Response {
  return new Response(null, { status: 400 });
}
