/** Copies of requests for an upstream that nobody hears. @module */

import { isBodySource } from "../core/body.ts";
import type { Random } from "../core/random.ts";
import { dropReply } from "../core/drop_reply.ts";
import { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import { HeaderList } from "../core/header_list.ts";
import type { Reply } from "../core/reply.ts";
import type { ReplayableBody } from "./retry/replayable_body.ts";
import type { UnattendedWork } from "./unattended_work.ts";

/** How much is copied. */
export interface MirrorOptions {
  /** Share of the requests, from 0 to 1. */
  readonly share: number;
  /** Most copies under way; beyond it none are made. */
  readonly maxInFlight: number;
  /** Longest body that is copied, in bytes. */
  readonly buffer: number;
}

/**
 * Sends copies and drops their answers. A copy is made when the request's body is there in full, or not at all; it is an
 * exchange of its own, so that nothing about it reaches the client, whatever becomes of it.
 */
export class Mirror {
  readonly buffer: number;
  readonly #options: MirrorOptions;
  readonly #handler: Handler;
  readonly #random: Random;
  readonly #unattended: UnattendedWork | null;
  #inFlight = 0;

  /**
   * @param handler sends an exchange to the mirror's upstream
   * @param unattended gives copies up when the gateway has stopped; `null`: they end by themselves
   */
  constructor(options: MirrorOptions, handler: Handler, random: Random, unattended: UnattendedWork | null = null) {
    this.#options = options;
    this.#handler = handler;
    this.#random = random;
    this.#unattended = unattended;
    this.buffer = options.buffer;
  }

  /** Copies under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Copies a request, if it is this one's turn. @param replay its body, where that arrives piece by piece */
  copy(exchange: Exchange, replay: ReplayableBody | null): void {
    const { share, maxInFlight, buffer } = this.#options, { body } = exchange;
    if (share < 1 && this.#random() >= share) return;
    // Another protocol would be spoken with nobody.
    if (this.#inFlight >= maxInFlight || exchange.upgrade !== "") return;
    // The fields as they are now: policies and retries may change them later.
    const headers = HeaderList.of(...exchange.headers.flat());
    if (replay !== null) {
      return replay.onWhole((bytes) => {
        if (bytes !== null && bytes.length <= buffer) this.#send(copyOf(exchange, headers, bytes.slice()));
      });
    }
    if (isBodySource(body) || (body !== null && body.length > buffer)) return;
    this.#send(copyOf(exchange, headers, body));
  }

  async #send(copy: Exchange): Promise<void> {
    if (this.#inFlight >= this.#options.maxInFlight) return;
    this.#inFlight++;
    copy.trace = copy.trace?.detached({ name: "mirror" }) ?? null;
    const work = { abandon: () => copy.abort() };
    this.#unattended?.onAbort(work);
    try {
      await this.#drain(copy, await this.#handler(copy));
    } catch {
      // Nobody hears what a mirror says.
    } finally {
      copy.trace?.span?.end();
      this.#unattended?.offAbort(work);
      this.#inFlight--;
    }
  }

  /** Reads the answer to its end, so that the connection can be used again. */
  async #drain(copy: Exchange, reply: Reply): Promise<void> {
    const { body } = reply;
    if (!isBodySource(body)) return dropReply(reply);
    copy.onAbort({ abandon: () => body.cancel() });
    const scrap = new Uint8Array(SCRAP);
    while (await body.read(scrap) > 0);
  }
}

/** What answers are read into. */
const SCRAP = 16 * 1024;

function copyOf(exchange: Exchange, headers: HeaderList, body: Uint8Array | null): Exchange {
  const { method, path, query, authority, host, scheme, client, requestId, startedAt } = exchange;
  const copy = new Exchange({
    method,
    path,
    query,
    authority,
    host,
    scheme,
    client,
    headers,
    body,
    requestId,
    startedAt,
  });
  copy.inherit(exchange);
  return copy;
}
