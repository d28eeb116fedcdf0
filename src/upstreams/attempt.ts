/** One try against one endpoint, from the pick to the end of the answer's body. @module */

import { isBodySource } from "../core/body.ts";
import type { BuildEnv } from "../core/build_env.ts";
import { dropReply } from "../core/drop_reply.ts";
import type { Abandonable } from "../core/exchange.ts";
import type { Failed } from "../core/outcome.ts";
import type { Reply } from "../core/reply.ts";
import type { Deadline } from "../core/timer_wheel.ts";
import type { TransportOutcome, Waiting } from "../transport/transport.ts";
import type { WireRequest } from "../transport/wire_request.ts";
import { AttemptBody } from "./attempt_body.ts";
import type { AttemptSpan } from "./attempt_span.ts";
import { AttemptTunnel } from "./attempt_tunnel.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import { failureOutcome, NOBODYS, type OutcomeCode, TIMEOUT } from "./outcome_set.ts";
import { Upload } from "./upload.ts";
import type { UpstreamLoad } from "./upstream_load.ts";
import type { TimeoutsPlan } from "./upstream_plan.ts";

/** Who made the attempt. */
export interface AttemptOwner {
  /** Whether the client has gone. */
  readonly aborted: boolean;
  readonly env: Pick<BuildEnv, "clock" | "deadlines">;
  readonly load: UpstreamLoad;
  /** There is an answer, or none will come. Not told of an attempt that was given up. */
  settled(attempt: Attempt, outcome: TransportOutcome, code: OutcomeCode): void;
  /** Nothing goes on any more: the body is over too. */
  over(attempt: Attempt, code: OutcomeCode): void;
}

/**
 * Tells its endpoint what it came to (averages, breaker, outlier detection), once. It stands between client and transport,
 * so that it can end by itself.
 */
export class Attempt implements Waiting {
  readonly endpoint: LiveEndpoint;
  /** `null`: nobody reads its trace. */
  readonly span: AttemptSpan | null;
  readonly #owner: AttemptOwner;
  /** Of the endpoint's breaker; 0: it has been told. */
  #ticket: number;
  /** Whether it holds a place in the retry budget. */
  #budgeted: boolean;
  readonly #startedAt: number;
  #work: Abandonable | null = null;
  #deadline: Deadline | null = null;
  #timedOut = false;
  #clientWasSlow = false;
  /** What it counts as where it was given up. */
  #given: OutcomeCode | null = null;
  #upload: Upload | null = null;
  #body: AttemptBody | null = null;
  #over = false;

  /** @param ticket what the endpoint's breaker gave */
  constructor(
    owner: AttemptOwner,
    endpoint: LiveEndpoint,
    ticket: number,
    budgeted: boolean,
    span: AttemptSpan | null = null,
  ) {
    this.#owner = owner;
    this.endpoint = endpoint;
    this.span = span;
    this.#ticket = ticket;
    this.#budgeted = budgeted;
    this.#startedAt = owner.env.clock.now();
    endpoint.load.inFlight++;
    if (endpoint.load.crowded) owner.load.version++;
  }

  /** Milliseconds from the start to the head of the answer; known once it has settled. */
  latency = 0;
  /** What it came to; known once it has settled. */
  code: OutcomeCode = NOBODYS;

  /** Whether its answer's body has ended too. */
  get isOver(): boolean {
    return this.#over;
  }

  send(request: WireRequest, timeouts: TimeoutsPlan): void {
    if (request.body instanceof Upload) this.#upload = request.body;
    if (timeouts.attempt !== null) {
      this.#deadline = this.#owner.env.deadlines.after(timeouts.attempt, () => this.#timeOut(), this.#startedAt);
    }
    this.endpoint.transport.send(request, timeouts, this, (outcome) => this.#settle(outcome));
  }

  /** Ends it before the head; nobody is told but the endpoint. @param code what it counts as, unless its client was slow */
  giveUp(code: OutcomeCode): void {
    this.#given = this.#upload?.waits ? NOBODYS : code;
    this.#work?.abandon();
  }

  /**
   * A later attempt was quicker: ends it. That says how slow it is at least, and to outlier detection that it is too slow;
   * a breaker, which does not ask for failures in a row, would open for the slowest few of any endpoint.
   *
   * @returns milliseconds that it has taken
   */
  beaten(): number {
    const now = this.#owner.env.clock.now(), taken = now - this.#startedAt;
    this.endpoint.load.slow(taken, now);
    this.endpoint.outlier?.heard(TIMEOUT);
    this.span?.beaten();
    this.giveUp(NOBODYS);
    return taken;
  }

  /** Whether it began before the other. */
  isOlderThan(other: Attempt): boolean {
    return this.#startedAt < other.#startedAt;
  }

  /** The client has gone: ends as such. */
  abandon(): void {
    this.#work?.abandon();
  }

  /** The time for the whole is over while the body is on its way. @param code what it counts as */
  expire(code: OutcomeCode): void {
    this.#body?.expire(code);
  }

  get aborted(): boolean {
    return this.#timedOut || this.#given !== null || this.#owner.aborted;
  }

  onAbort(work: Abandonable): void {
    this.#work = work;
    if (this.aborted) work.abandon();
  }

  offAbort(): void {
    this.#work = null;
  }

  /** Gives its place in the retry budget back, if it has one. */
  giveBack(): void {
    if (this.#budgeted) this.#owner.load.budget.give();
    this.#budgeted = false;
  }

  /** For the body. */
  end(code: OutcomeCode, now?: number): void {
    if (this.#over) return;
    this.#over = true;
    const { endpoint, span } = this, wasCrowded = endpoint.load.crowded, wasIn = span !== null && !endpoint.ejected;
    endpoint.load.inFlight--;
    this.#tellBreaker(code, now);
    endpoint.outlier?.heard(code);
    this.giveBack();
    this.#owner.over(this, code);
    if (span !== null) {
      if (wasIn && endpoint.ejected) span.ejected();
      span.over(this.code, code, now ?? this.#owner.env.clock.now());
    }
    if (wasCrowded) this.#owner.load.touch();
  }

  #timeOut(): void {
    this.#timedOut = true;
    this.#clientWasSlow = this.#upload?.waits === true;
    this.#work?.abandon();
  }

  #settle(settled: TransportOutcome): void {
    this.#deadline?.cancel();
    const { clock } = this.#owner.env, now = clock.now();
    this.latency = now - this.#startedAt;
    const outcome = this.#timedOut && !settled.ok && settled.fault === "client"
      ? timedOut(settled, this.#clientWasSlow)
      : settled;
    const code = this.code = this.#given ?? (outcome.ok ? outcome.reply.status : failureOutcome(outcome));
    if (code !== NOBODYS) this.endpoint.load.heard(this.latency, code, now);
    this.span?.settled(outcome, this.#given);
    if (!outcome.ok) this.end(code, now);
    else this.#follow(outcome.reply, code, now);
    if (this.#given === null) this.#owner.settled(this, outcome, code);
    else if (outcome.ok) dropReply(outcome.reply);
    this.span?.judged();
  }

  #tellBreaker(code: OutcomeCode, now?: number): void {
    const { endpoint: { breaker }, span } = this;
    if (this.#ticket !== 0 && breaker !== null) {
      const before = breaker.state;
      breaker.settle(this.#ticket, code, now);
      if (span !== null && breaker.state !== before) span.switched("endpoint", breaker.state);
    }
    this.#ticket = 0;
  }

  /** It is over when the answer is. */
  #follow(reply: Reply, code: OutcomeCode, now: number): void {
    // Streams may never end: a breaker that waits to be closed takes the head for the deed.
    if (reply.tunnel !== null || (code < 400 && this.endpoint.breaker?.state === "half-open")) {
      this.#tellBreaker(code, now);
    }
    if (reply.tunnel !== null) reply.tunnel = new AttemptTunnel(this, reply.tunnel, code);
    else if (isBodySource(reply.body)) reply.body = this.#body = new AttemptBody(this, reply.body, code);
    else this.end(code, now);
  }
}

function timedOut({ sent, inLine }: Failed, clientWasSlow: boolean): Failed {
  if (inLine) return { ok: false, stage: "connect", code: "pool_exhausted", fault: "gateway", sent };
  if (clientWasSlow) return { ok: false, stage: "send", code: "request_body_timeout", fault: "client", sent };
  return sent
    ? { ok: false, stage: "head", code: "upstream_timeout", fault: "endpoint", sent }
    : { ok: false, stage: "connect", code: "connect_timeout", fault: "endpoint", sent };
}
