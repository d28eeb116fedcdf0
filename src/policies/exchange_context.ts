/** The one {@link Context} of an exchange. @module */

import type { Client, Exchange } from "../core/exchange.ts";
import type { ContextKey } from "../core/context_key.ts";
import type { MaybePromise } from "../core/handler.ts";
import type { Identity } from "../core/identity.ts";
import type { Log } from "../core/log.ts";
import type { Reply } from "../core/reply.ts";
import type { Context } from "./context.ts";
import { protectedField } from "./shape/protected_fields.ts";
import { WebReply } from "./web/web_reply.ts";
import { webRequest } from "./web/web_request.ts";

/** A view of an exchange, shared by all policies and the handler that users wrote. Web objects are made when touched. */
export class ExchangeContext implements Context {
  readonly log: Log;
  readonly #exchange: Exchange;
  #request: Request | null = null;
  #abort: AbortController | null = null;
  #shown: WebReply | null = null;
  /** Whether the policy that ran last has called `next()`: by then others may be reading the request's body. */
  passed = false;
  /** The promise that was shown last, and what policies were shown for it. */
  #pending: Promise<Reply> | null = null;
  #shownPending: Promise<WebReply> | null = null;

  constructor(exchange: Exchange, log: Log) {
    this.#exchange = exchange;
    this.log = log;
  }

  get method(): string {
    return this.#exchange.method;
  }
  get path(): string {
    return this.#exchange.path;
  }
  get query(): string {
    return this.#exchange.query;
  }
  get host(): string {
    return this.#exchange.host;
  }
  get params(): Readonly<Record<string, string>> {
    return this.#exchange.params;
  }
  get client(): Client {
    return this.#exchange.client;
  }
  get route(): string {
    return this.#exchange.route;
  }
  get requestId(): string {
    return this.#exchange.requestId;
  }
  get traceId(): string | undefined {
    return this.#exchange.trace?.traceId;
  }
  get identity(): Identity | undefined {
    return this.#exchange.identity;
  }
  /** Whoever finds out who is asking has looked at a credential. */
  set identity(identity: Identity | undefined) {
    this.#exchange.identity = identity;
    if (identity === undefined) return;
    this.#exchange.credentialed = true;
    this.#exchange.auth = "passed";
  }

  get signal(): AbortSignal {
    if (this.#abort === null) {
      const abort = this.#abort = new AbortController();
      // It tells of clients that leave, not of answers that are out.
      this.#exchange.onAbort({ outlives: true, abandon: () => abort.abort() });
    }
    return this.#abort.signal;
  }

  get request(): Request {
    return this.#request ??= webRequest(this.#exchange, this.signal, this.passed);
  }

  header(name: string): string | null {
    return this.#exchange.headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: string): void {
    refuseProtected(name);
    this.#exchange.headers.set(name, value);
  }

  removeHeader(name: string): void {
    refuseProtected(name);
    this.#exchange.headers.remove(name);
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.#exchange.get(key);
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#exchange.set(key, value);
  }

  /** A reply, or the promise of one, as policies see it: the same view for the same reply, however many look. */
  show(reply: MaybePromise<Reply>): MaybePromise<WebReply> {
    if (!(reply instanceof Promise)) return this.#show(reply);
    if (this.#pending !== reply || this.#shownPending === null) {
      this.#pending = reply;
      this.#shownPending = reply.then((reply) => this.#show(reply));
      // A policy that returns it unseen leaves nobody here to hear of a failure, which `reply` itself tells those above.
      this.#shownPending.catch(ignore);
    }
    return this.#shownPending;
  }

  /** Whether this is the view of the last reply that was shown. */
  shows(reply: WebReply): boolean {
    return this.#shown === reply;
  }

  #show(reply: Reply): WebReply {
    return this.#shown?.reply === reply ? this.#shown : this.#shown = new WebReply(reply);
  }
}

/** The context of an exchange; made by the first who asks. */
export function contextOf(exchange: Exchange, log: Log): ExchangeContext {
  const { context } = exchange;
  if (context instanceof ExchangeContext) return context;
  const made = new ExchangeContext(exchange, log);
  exchange.context = made;
  return made;
}

function ignore(): void {}

function refuseProtected(name: string): void {
  const reason = protectedField(name, "request");
  if (reason !== undefined) throw new TypeError(`${name} cannot be changed on a request: ${reason}`);
}
