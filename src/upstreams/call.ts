/** The attempt loop: one exchange's way through an upstream, with as many attempts as it takes. @module */

import { type Body, isBodySource } from "../core/body.ts";
import type { Abandonable, Exchange } from "../core/exchange.ts";
import type { FailureCode } from "../core/outcome.ts";
import type { Deadline } from "../core/timer_wheel.ts";
import type { ExchangeTrace } from "../core/trace.ts";
import { CLIENT_GONE, type TransportOutcome, type Waiting } from "../transport/transport.ts";
import { Attempt, type AttemptOwner } from "./attempt.ts";
import { type AttemptSpan, attemptSpan } from "./attempt_span.ts";
import { BestSoFar, isPoor } from "./best_so_far.ts";
import type { CallOutcome, CallStart } from "./call_start.ts";
import { DEFAULT_IN_FLIGHT } from "./default_upstream.ts";
import { type Hop, requestTo } from "./hop.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import { NOBODYS, type OutcomeCode, TIMEOUT } from "./outcome_set.ts";
import { QueuePlace } from "./queue_place.ts";
import { forwardedBody } from "./request_trailers.ts";
import { HedgeTimer } from "./retry/hedge_timer.ts";
import { isAtHand, mayRepeat } from "./retry/may_repeat.ts";
import { PendingRetry } from "./retry/pending_retry.ts";
import { retryDelay } from "./retry/retry_delay.ts";
import { DEFAULT_RETRY } from "./retry/retry_plan.ts";
import { Upload } from "./upload.ts";
import type { UpstreamLoad, Waiter } from "./upstream_load.ts";

const NOBODY: readonly never[] = Object.freeze([]);

/** Waits for a place, picks, tries, waits, tries again; what is not needed any more is cancelled. */
export class Call implements AttemptOwner, Abandonable, Waiter {
  readonly env: Hop["env"];
  readonly load: UpstreamLoad;
  readonly #start: CallStart;
  readonly #hop: Hop;
  readonly #exchange: Exchange;
  readonly #client: Waiting;
  /** Sent, and not settled. */
  #underWay: readonly Attempt[] = NOBODY;
  #tried: readonly LiveEndpoint[] = NOBODY;
  /** A hedge that could not be sent is none of them. */
  #tries = 0;
  /** Whether it counts among the upstream's requests under way, with a ticket of its breaker. */
  #admitted = false;
  #ticket = 0;
  #settled = false;
  /** Whose answer the client gets. */
  #winner: Attempt | null = null;
  #total: Deadline | null = null;
  #queued: QueuePlace | null = null;
  /** The clock's time at which it got in line. */
  #queuedAt = 0;
  /** Whether the next try holds a place in the retry budget. */
  #budgeted = false;
  #retry: PendingRetry | null = null;
  /** Made when there is something to keep. */
  #best: BestSoFar | null = null;
  readonly #hedge: HedgeTimer | null;

  constructor(start: CallStart) {
    const { hop, exchange } = start;
    this.env = hop.env;
    this.load = hop.upstream.load;
    this.#start = start;
    this.#hop = hop;
    this.#exchange = exchange;
    this.#client = hop.unattended ?? exchange;
    this.#hedge = hop.hedge === null ? null : new HedgeTimer(hop, hop.hedge, exchange, () => this.#sendHedge());
  }

  get aborted(): boolean {
    return this.#client.aborted;
  }

  get choosy(): boolean {
    return this.#tried.length > 0;
  }

  run(): void {
    if (this.#client.aborted) return this.#finish(CLIENT_GONE, null);
    this.#client.onAbort(this);
    if (this.#settled) return;
    const { deadline } = this.#start, { clock, deadlines } = this.env;
    if (deadline !== Infinity) {
      const now = clock.now();
      if (deadline <= now) return this.#expire();
      this.#total = deadlines.after(deadline - now, () => this.#expire(), now);
    }
    // Whoever came earlier is first.
    if (this.load.hasLine || !this.proceed()) this.#queue();
  }

  /** Goes as far as it can. @returns false when it must wait for a place */
  proceed(): boolean {
    if (!this.#settled && (!this.#admit() || !this.#tryNext())) return false;
    this.#leaveQueue();
    return true;
  }

  /** The client has gone. */
  abandon(): void {
    const underWay = this.#underWay;
    if (underWay.length === 0) return this.#finish(CLIENT_GONE, null);
    for (const attempt of underWay) attempt.abandon();
  }

  settled(attempt: Attempt, outcome: TransportOutcome, code: OutcomeCode): void {
    this.#underWay = this.#underWay.length === 1 ? NOBODY : this.#underWay.filter((other) => other !== attempt);
    if (outcome.ok) this.#hop.hedge?.latencies?.add(attempt.latency);
    else if (!outcome.sent && this.#underWay.length > 0) this.#tries--;
    if (this.#repeats(attempt, outcome, code)) return;
    // The other of two may still do better.
    if (this.#underWay.length > 0 && isPoor(outcome, this.#hop.poor)) {
      (this.#best ??= new BestSoFar()).keep({ attempt, outcome });
    } else this.#finish(outcome, attempt);
  }

  over(attempt: Attempt, code: OutcomeCode): void {
    if (attempt === this.#winner) this.#leave(code, attempt.span);
  }

  #admit(): boolean {
    if (this.#admitted) return true;
    const { load, breaker, maxActive } = this.#hop.upstream;
    if (load.active >= maxActive) return false;
    const ticket = breaker?.acquire() ?? 1;
    if (ticket === 0) {
      this.#refuse("circuit_open", breaker!.opensFor);
      return true;
    }
    this.#ticket = ticket;
    this.#admitted = true;
    load.active++;
    return true;
  }

  #queue(): void {
    const { load, dns, eligibility, plan: { maxInFlight: { queue, queueTimeout } } } = this.#hop.upstream;
    // DNS has not answered yet: the first lookup is waited for, whatever the limits.
    const unknown = eligibility.reason === "unknown";
    if (unknown && dns?.failing) return this.#refuse("no_endpoint", queueTimeout);
    if (load.waiting >= (unknown ? Math.max(queue, DEFAULT_IN_FLIGHT.queue) : queue)) {
      return this.#refuse("upstream_overloaded", queueTimeout);
    }
    this.#queuedAt = this.env.clock.now();
    const late = () => this.#refuse(unknown ? "no_endpoint" : "upstream_overloaded", queueTimeout);
    this.#queued = new QueuePlace(load, this, this.env.deadlines, queueTimeout, late);
  }

  #leaveQueue(): void {
    this.#queued?.leave();
    this.#queued = null;
  }

  /** @returns false when every endpoint that may be tried is busy, or none is known yet */
  #tryNext(): boolean {
    if (this.#settled) return true;
    const { upstream } = this.#hop, { eligibility } = upstream;
    const eligible = this.#tried.length === 0 ? eligibility.now : eligibility.besides(this.#tried);
    if (eligible.length === 0) {
      const reason = eligibility.now.length > 0 ? "full" : eligibility.reason;
      if (reason === "full" || reason === "unknown") return false;
      this.#refuse(reason === "open" ? "circuit_open" : "no_endpoint", upstream.openFor);
      return true;
    }
    let endpoint: LiveEndpoint;
    try {
      endpoint = upstream.pick(eligible, this.#exchange);
    } catch (cause) {
      this.#refuse("balancer_failed", 0, cause);
      return true;
    }
    // Who is eligible lets the attempt pass: they are worked out anew when a breaker changes its mind.
    this.#send(endpoint, endpoint.breaker?.acquire() ?? 1);
    return true;
  }

  #send(endpoint: LiveEndpoint, ticket: number): void {
    const exchange = this.#exchange, hop = this.#hop;
    exchange.attempts++;
    const span = exchange.trace === null ? null : this.#spanOf(exchange.trace, endpoint);
    const attempt = new Attempt(this, endpoint, ticket, this.#budgeted, span);
    this.#budgeted = false;
    // Most need one of each: an array literal is cheaper than an array that grows.
    this.#tried = this.#tried.length === 0 ? [endpoint] : [...this.#tried, endpoint];
    this.#underWay = this.#underWay.length === 0 ? [attempt] : [...this.#underWay, attempt];
    this.#tries++;
    // Beside another that is under way, what is kept may still be wanted.
    if (this.#underWay.length === 1) this.#best?.drop();
    exchange.endpoint = endpoint.id;
    this.#hedge?.start(this.#underWay.length === 1);
    const request = requestTo(hop, exchange, endpoint, this.#body(), span);
    if (span === null || !endpoint.transport.traced) attempt.send(request, hop.timeouts);
    else exchange.trace!.under(span.span).run(() => attempt.send(request, hop.timeouts));
  }

  #spanOf(trace: ExchangeTrace, endpoint: LiveEndpoint): AttemptSpan | null {
    if (trace.span === null) return null;
    const queued = this.#queued === null ? 0 : this.env.clock.now() - this.#queuedAt;
    return attemptSpan(trace, this.#exchange, this.#hop, endpoint, { hedge: this.#underWay.length > 0, queued });
  }

  #body(): Body {
    const { replay, exchange } = this.#start;
    const body = forwardedBody(exchange, replay === null ? exchange.body : replay.view());
    return isBodySource(body) ? new Upload(body) : body;
  }

  /** Whether there will be another try, now or in a while. */
  #repeats(attempt: Attempt, outcome: TransportOutcome, code: OutcomeCode): boolean {
    const { retry, upstream: { eligibility } } = this.#hop, { replay, deadline } = this.#start, tries = this.#tries;
    if (retry === null || tries >= retry.attempts || this.#underWay.length > 0 || this.#exchange.aborted) return false;
    const sent = outcome.ok || outcome.sent, limit = sent ? retry.buffer : Infinity;
    if (!mayRepeat(this.#exchange, retry, outcome, code) || !isAtHand(this.#exchange.body, replay, limit)) return false;
    // There is an answer already that nobody would ask for again.
    if (this.#best !== null && this.#best.status > 0 && !retry.on.has(this.#best.status)) return false;
    const other = eligibility.hasOther(this.#tried), left = deadline - this.env.clock.now();
    if (!other && eligibility.now.length === 0 && eligibility.reason !== "full") return false;
    const delay = retryDelay(retry, { outcome, code, tries, other, left }, this.env);
    if (delay === null) return false;
    // Where nothing was sent, a try elsewhere adds nothing to what the upstream has to do.
    const hopeful = other && eligibility.hasHope(this.#tried);
    const terms = { delay, budget: sent ? retry.budget : null, left, waits: hopeful, longest: retry.backoff.max };
    (this.#best ??= new BestSoFar()).keep({ attempt, outcome });
    // The next try may need the place that this one has until its answer has been read.
    attempt.giveBack();
    attempt.span?.retry(delay);
    this.#retry = new PendingRetry(terms, this.load.budget, this.env.clock, {
      onDue: (budgeted) => this.#tryAgain(budgeted),
      onRefused: () => {
        this.load.refusedRepeats++;
        this.#exchange.trace?.span?.event("retry budget exhausted", { "gatewright.upstream": this.#hop.upstream.name });
        this.#finishWithBest();
      },
    });
    this.#retry.start();
    return true;
  }

  #tryAgain(budgeted: boolean): void {
    this.#retry = null;
    this.#budgeted = budgeted;
    // Early answers leave uploads going on, and this one has outgrown what is kept of it.
    if (this.#start.replay?.replayable === false) return this.#finishWithBest();
    this.load.repeats++;
    // An answer whose body is still to come has the place that the next try may need.
    if (this.#hop.upstream.eligibility.besides(this.#tried).length === 0) this.#best?.dropUnread();
    if (!this.#tryNext()) this.#queue();
  }

  #finishWithBest(): void {
    this.#retry = null;
    const { outcome, attempt } = this.#best!.take()!;
    this.#finish(outcome, attempt);
  }

  /** A second request beside the first. */
  #sendHedge(): void {
    const { budget } = this.#hop.retry ?? DEFAULT_RETRY;
    if (this.#underWay.length === 0 || !this.#hop.upstream.eligibility.hasSpare(this.#tried)) return;
    if (budget !== null && !this.load.budget.take(budget)) return;
    this.#budgeted = budget !== null;
    this.load.repeats++;
    if (!this.#tryNext()) this.#giveBack();
  }

  #refuse(code: FailureCode, retryAfter: number, cause?: unknown): void {
    // It is only the hedge that there is nothing for.
    if (this.#underWay.length > 0) return this.#giveBack();
    this.#exchange.trace?.span?.event("refused", {
      "gatewright.upstream": this.#hop.upstream.name,
      "error.type": code,
      ...(this.#queued === null ? {} : { "gatewright.wait": this.env.clock.now() - this.#queuedAt }),
    });
    this.#finish({ ok: false, stage: "connect", code, fault: "gateway", sent: false, cause, retryAfter }, null);
  }

  /** The time for the whole is over. */
  #expire(): void {
    const sent = this.#tried.length > 0, code = this.#start.clientsDeadline ? NOBODYS : TIMEOUT;
    if (this.#winner !== null) return this.#winner.expire(code);
    this.#giveUp(code);
    this.#finish({ ok: false, stage: "head", code: "deadline_exceeded", fault: "gateway", sent }, null, code);
  }

  /** @param code what it counts as for the upstream as a whole */
  #finish(outcome: CallOutcome, attempt: Attempt | null, code: OutcomeCode = attempt?.code ?? NOBODYS): void {
    if (this.#settled) return;
    const better = this.#best?.takeOver(outcome) ?? null;
    if (better !== null) return this.#finish(better.outcome, better.attempt);
    this.#settled = true;
    this.#client.offAbort(this);
    this.#leaveQueue();
    this.#hedge?.cancel();
    this.#retry?.cancel();
    this.#giveBack();
    this.#best?.drop();
    this.#giveUp(NOBODYS, outcome.ok ? attempt : null);
    if (outcome.ok && attempt !== null) {
      this.#exchange.endpoint = attempt.endpoint.id;
      this.#hop.upstream.stick(attempt.endpoint, this.#exchange, outcome.reply);
      // The listener says how long it may live.
      if (outcome.reply.tunnel !== null) this.#total?.cancel();
    }
    if (outcome.ok && this.#hop.upstream.breaker?.state === "half-open") {
      this.#tellBreaker(outcome.reply.status, attempt === null ? null : attempt.span);
    }
    if (attempt !== null && !attempt.isOver) this.#winner = attempt;
    else this.#leave(code, attempt === null ? null : attempt.span);
    this.#start.settle(outcome);
  }

  /** @param winner who was quicker; `null`: nobody */
  #giveUp(code: OutcomeCode, winner: Attempt | null = null): void {
    const losers = this.#underWay;
    this.#underWay = NOBODY;
    for (const loser of losers) {
      if (winner === null || !loser.isOlderThan(winner)) loser.giveUp(code);
      else {
        const taken = loser.beaten();
        this.#hop.hedge?.latencies?.add(taken);
      }
    }
  }

  #giveBack(): void {
    if (this.#budgeted) this.load.budget.give();
    this.#budgeted = false;
  }

  /** Nothing goes on any more. */
  #leave(code: OutcomeCode, span: AttemptSpan | null): void {
    this.#winner = null;
    this.#total?.cancel();
    if (!this.#admitted) return;
    this.#admitted = false;
    const { load } = this.#hop.upstream;
    load.active--;
    this.#tellBreaker(code, span);
    load.admit();
  }

  /** @param span of the attempt that decided it */
  #tellBreaker(code: OutcomeCode, span: AttemptSpan | null): void {
    const { breaker } = this.#hop.upstream;
    if (this.#ticket !== 0 && breaker !== null) {
      const before = breaker.state;
      breaker.settle(this.#ticket, code);
      if (span !== null && breaker.state !== before) span.switched("upstream", breaker.state);
    }
    this.#ticket = 0;
  }
}
