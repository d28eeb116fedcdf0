/** One request through `fetch`, and its answer. @module */

import { BodyError, isBodySource } from "../core/body.ts";
import type { Abandonable } from "../core/exchange.ts";
import { HeaderList } from "../core/header_list.ts";
import type { Failed } from "../core/outcome.ts";
import { Reply } from "../core/reply.ts";
import type { Deadline, TimerWheel } from "../core/timer_wheel.ts";
import { hasNoContent } from "../http/no_content.ts";
import { withoutBlanks } from "../http/without_blanks.ts";
import { FetchBody, type FetchBodyOwner } from "./fetch_body.ts";
import { fetchFailure } from "./fetch_failure.ts";
import type { FetchHead } from "./fetch_head.ts";
import { FetchUpload, type UploadEvents } from "./fetch_upload.ts";
import { requestBodyFailure } from "./request_body_failure.ts";
import type { Settle, Waiting } from "./transport.ts";
import type { WireRequest } from "./wire_request.ts";

/** The connection that a request goes over. */
export interface FetchLane {
  readonly client: Deno.HttpClient;
  /** Scheme and authority. */
  readonly base: string;
  readonly tls: boolean;
  /** Milliseconds that making the connection may take; 0 where there is one. */
  readonly connectAllowance: number;
  /** The endpoint has answered. */
  answered(): void;
  /** The request and its answer are over. */
  released(): void;
}

const CONTENT_LENGTH = /^\d{1,15}$/;

/** Sends at once; whatever happens first settles it. */
export class FetchCall implements Abandonable, UploadEvents, FetchBodyOwner {
  readonly #lane: FetchLane;
  readonly #request: WireRequest;
  readonly #deadlines: TimerWheel;
  readonly #client: Waiting;
  readonly #abort = new AbortController();
  readonly #upload: FetchUpload | null;
  #settle: Settle | null;
  #deadline: Deadline | null = null;
  #released = false;
  requestFailure: BodyError | null = null;

  constructor(
    lane: FetchLane,
    request: WireRequest,
    head: FetchHead,
    deadlines: TimerWheel,
    client: Waiting,
    settle: Settle,
  ) {
    this.#lane = lane;
    this.#request = request;
    this.#deadlines = deadlines;
    this.#client = client;
    this.#settle = settle;
    const { method, body, idleTimeout } = request, { connectAllowance } = lane;
    const limits = { start: connectAllowance + idleTimeout, idle: idleTimeout };
    this.#upload = isBodySource(body) ? new FetchUpload(body, limits, deadlines, this) : null;
    if (this.#upload === null) this.#awaitHead(connectAllowance);
    client.onAbort(this);
    fetch(lane.base + head.target, {
      client: lane.client,
      method,
      headers: head.fields,
      body: this.#upload?.body ?? (body as Uint8Array<ArrayBuffer> | null),
      redirect: "manual",
      signal: this.#abort.signal,
    }).then((response) => this.#answer(response), (error) => this.#fail(fetchFailure(error, lane.tls)));
  }

  abandon(): void {
    this.#fail({ ok: false, stage: "head", code: "client_closed_request", fault: "client", sent: true });
  }

  uploaded(): void {
    if (this.#settle !== null) this.#awaitHead(0);
  }

  bodyFailed(cause: unknown): void {
    if (cause instanceof BodyError) this.requestFailure = cause;
    this.#fail({ ok: false, stage: "send", code: requestBodyFailure(cause), fault: "client", sent: true, cause });
  }

  stalled(): void {
    this.#fail({ ok: false, stage: "send", code: "upstream_timeout", fault: "endpoint", sent: true });
  }

  bodyOver(): void {
    this.#release();
  }

  #awaitHead(allowance: number): void {
    this.#deadline = this.#deadlines.after(this.#request.headTimeout + allowance, () => {
      this.#fail({ ok: false, stage: "head", code: "upstream_timeout", fault: "endpoint", sent: true });
    });
  }

  #answer(response: Response): void {
    const settle = this.#settled(), { status, body } = response;
    if (settle === null) return void body?.cancel().catch(() => {});
    const length = response.headers.get("content-length"), wrong = misshapen(status, length);
    if (wrong !== null) {
      this.#release();
      const cause = new Error(wrong);
      return settle({
        ok: false,
        stage: "head",
        code: "upstream_protocol_error",
        fault: "endpoint",
        sent: true,
        cause,
      });
    }
    this.#lane.answered();
    const reply = new Reply(status, headersOf(response), null);
    if (body === null || this.#request.method === "HEAD" || hasNoContent(status)) {
      this.#release();
    } else {
      const promised = length === null ? undefined : Number(length);
      reply.body = new FetchBody(body, promised, this, this.#deadlines, this.#request.idleTimeout);
    }
    settle({ ok: true, reply, version: "2" });
  }

  #fail(outcome: Failed): void {
    const settle = this.#settled();
    this.#release();
    settle?.(outcome);
  }

  /** Whom to tell; nobody any more after the first call. */
  #settled(): Settle | null {
    const settle = this.#settle;
    this.#settle = null;
    this.#deadline?.cancel();
    if (settle !== null) this.#client.offAbort(this);
    return settle;
  }

  /** Nothing more is wanted of this stream: what is still under way is reset. */
  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#upload?.stop();
    this.#abort.abort();
    this.#lane.released();
  }
}

/** What the runtime lets through that is no answer (RFC 9110 §15, §8.6), or `null`. */
function misshapen(status: number, length: string | null): string | null {
  if (status < 200 || status > 599) return `no answer has status ${status}`;
  return length === null || CONTENT_LENGTH.test(length) ? null : `no body has the length ${length}`;
}

/** Duplicates come joined from the runtime, but for `set-cookie`; outer white space is no part of a value. */
function headersOf({ headers }: Response): HeaderList {
  const fields: string[] = [];
  for (const [name, value] of headers) fields.push(name, withoutBlanks(value));
  return HeaderList.of(...fields);
}
