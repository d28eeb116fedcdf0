/** Probes that ask something. @module */

import { type Body, isBodySource } from "../../core/body.ts";
import { dropReply } from "../../core/drop_reply.ts";
import type { Abandonable } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import type { Deadline, TimerWheel } from "../../core/timer_wheel.ts";
import { formatDuration } from "../../core/units.ts";
import type { Transport, TransportOutcome, Waiting } from "../../transport/transport.ts";
import type { WireRequest } from "../../transport/wire_request.ts";
import { bodyPattern } from "./body_pattern.ts";
import { causeWords, failureWords } from "./failure_words.ts";
import type { ProbePlan } from "./health_plan.ts";
import type { OpenTransport } from "./open_transport.ts";
import type { Probe, ProbeResult } from "./probe.ts";

/** Bytes of a body that are looked at. */
const LOOKED_AT = 64 * 1024;

type HttpProbePlan = Extract<ProbePlan, { readonly kind: "http" }>;

/** What is prepared for all probes of an endpoint. */
interface Question {
  readonly open: OpenTransport;
  readonly request: WireRequest;
  readonly statuses: HttpProbePlan["statuses"];
  readonly pattern: RegExp | null;
  readonly timeout: number;
  readonly deadlines: TimerWheel;
}

/**
 * A probe that sends a request and judges the answer by its status, and by the first 64 KiB of its body (as UTF-8) where
 * the plan has a pattern. Redirects are answers like any other.
 *
 * Each request goes over a new connection, so that accepting is proved too, and says that it is the last there.
 * @param authority the endpoint's own host and port
 * @param timeout milliseconds that everything may take: connecting, shaking hands, the head, and what is read of the body
 * @throws SyntaxError for a pattern that is no regular expression
 */
export function httpProbe(
  open: OpenTransport,
  plan: HttpProbePlan,
  authority: string,
  timeout: number,
  deadlines: TimerWheel,
): Probe {
  const question: Question = {
    open,
    // The run's own deadline is set before any of the transport's and goes off first.
    request: {
      method: plan.method,
      head: requestHead(plan, authority),
      body: null,
      headTimeout: timeout,
      idleTimeout: timeout,
    },
    statuses: plan.statuses,
    pattern: plan.body === null ? null : bodyPattern(plan.body),
    timeout,
    deadlines,
  };
  return (settle) => {
    const run = new ProbeRun(question, settle);
    run.start();
    return () => run.cancel();
  };
}

function requestHead({ method, path, host, headers, body }: HttpProbePlan, authority: string): string {
  // A hop in HTTP/2 has no Connection field: the transport leaves it out.
  const own = [["user-agent", "gatewright-health"], ["connection", "close"]];
  // A pattern is for text, and an answer may be coded in any way when nothing is said (RFC 9110 §12.5.3).
  if (body !== null) own.push(["accept-encoding", "identity"]);
  const fields = [...own.filter(([name]) => !headers.some(([given]) => given === name)), ...headers];
  const lines = [["host", host ?? authority], ...fields].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}`;
}

/** One probe: whatever happens first settles it and ends the rest. */
class ProbeRun implements Waiting {
  aborted = false;
  readonly #question: Question;
  readonly #giveUp = new AbortController();
  #settle: ((result: ProbeResult) => void) | null;
  #deadline: Deadline | null = null;
  #transport: Transport | null = null;
  #work: Abandonable | null = null;
  #reply: Reply | null = null;

  constructor(question: Question, settle: (result: ProbeResult) => void) {
    this.#question = question;
    this.#settle = settle;
  }

  start(): void {
    const { open, request, timeout, deadlines } = this.#question;
    this.#deadline = deadlines.after(timeout, () => this.#onTimeout());
    try {
      this.#transport = open(this.#giveUp.signal);
    } catch (error) {
      return this.#fail("not sent" + causeWords(error));
    }
    this.#transport.send(request, { connect: timeout, tls: 0 }, this, (outcome) => this.#answered(outcome));
  }

  cancel(): void {
    this.#settle = null;
    this.#end();
  }

  onAbort(work: Abandonable): void {
    this.#work = work;
  }

  offAbort(): void {
    this.#work = null;
  }

  #answered(outcome: TransportOutcome): void {
    if (!outcome.ok) return this.#fail(failureWords(outcome, this.#question.timeout));
    const { reply } = outcome, { statuses, pattern } = this.#question;
    this.#reply = reply;
    if (!statuses.some(([from, to]) => reply.status >= from && reply.status <= to)) {
      this.#fail(`status ${reply.status}`);
    } else if (pattern === null) this.#finish({ passed: true });
    else this.#look(reply.body, pattern);
  }

  async #look(body: Body, pattern: RegExp): Promise<void> {
    let text: string;
    try {
      text = new TextDecoder().decode(await firstBytes(body));
    } catch (error) {
      return this.#fail("the body broke off" + causeWords(error));
    }
    if (pattern.test(text)) this.#finish({ passed: true });
    else this.#fail("the body does not match");
  }

  #onTimeout(): void {
    this.#fail(
      `${this.#reply === null ? "no answer" : "no end of the body"} within ${formatDuration(this.#question.timeout)}`,
    );
  }

  #fail(reason: string): void {
    this.#finish({ passed: false, reason });
  }

  #finish(result: ProbeResult): void {
    const settle = this.#settle;
    this.#settle = null;
    this.#end();
    settle?.(result);
  }

  #end(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#deadline?.cancel();
    this.#work?.abandon();
    if (this.#reply !== null) dropReply(this.#reply);
    this.#transport?.close();
    this.#giveUp.abort();
  }
}

/** The start of a body, or the whole where it is short. @throws BodyError */
async function firstBytes(body: Body): Promise<Uint8Array> {
  if (!isBodySource(body)) return (body ?? new Uint8Array(0)).subarray(0, LOOKED_AT);
  const bytes = new Uint8Array(LOOKED_AT);
  let length = 0;
  while (length < LOOKED_AT) {
    const count = await body.read(bytes.subarray(length));
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}
