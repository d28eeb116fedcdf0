/** What a run under a fault says about the proxy. @module */

import { KINDS } from "./asked.ts";
import type { Journal } from "./journal.ts";
import type { Observation } from "./observation.ts";

/** What a proxy can be blamed for in a scenario. */
export interface Blame {
  /** Whether an endpoint was well all the time, so that an answer was to be had. */
  readonly answerable: boolean;
  /**
   * What need not be lost, an endpoint being well. What is idempotent, where the fault shows before an answer's head is
   * out: it can be sent again. Everything, where not a byte went to the endpoint that fails, or where it does not fail.
   */
  readonly owed: "everything" | "idempotent" | "nothing";
}

/** The figures of one run. */
export interface Verdict {
  readonly answerable: boolean;
  readonly requests: number;
  /** Answered with 2xx and the right bytes. */
  readonly ok: number;
  /** Other answers, by status. */
  readonly errors: Readonly<Record<string, number>>;
  /** Answers that broke off, which their clients noticed. */
  readonly cut: number;
  /** Answers that are no HTTP. */
  readonly malformed: number;
  /** Answers of 2xx that are whole by their framing, with bytes missing or of something else. */
  readonly truncated: number;
  /** Clients whose patience was over. */
  readonly hung: number;
  /** Times that a request which is not idempotent came to an endpoint once more. */
  readonly duplicated: number;
  /** Requests without a right 2xx, of those that were owed one. */
  readonly lost: number;
  /** Bodies that came to an endpoint other than they were sent. */
  readonly mangled: number;
  /** Milliseconds of the longest request. */
  readonly slowest: number;
}

/** Judges a run. */
export function judge(blame: Blame, observations: readonly Observation[], journal: Journal): Verdict {
  const errors: Record<string, number> = {}, count = { ok: 0, cut: 0, malformed: 0, truncated: 0, hung: 0 };
  let duplicated = 0, lost = 0, slowest = 0;
  for (const { asked, seen, ms } of observations) {
    const { idempotent } = KINDS[asked.kind], what = outcome(seen);
    const owed = blame.answerable && (blame.owed === "everything" || (blame.owed === "idempotent" && idempotent));
    if (what === "error") {
      const status = seen.end === "answer" ? String(seen.status) : "";
      errors[status] = (errors[status] ?? 0) + 1;
    } else count[what]++;
    if (!idempotent) duplicated += Math.max(0, journal.arrivals(asked.id) - 1);
    if (owed && what !== "ok") lost++;
    slowest = Math.max(slowest, ms);
  }
  return {
    answerable: blame.answerable,
    requests: observations.length,
    ...count,
    errors,
    duplicated,
    lost,
    mangled: journal.mangled,
    slowest,
  };
}

/** Whether nothing happened that must not. */
export function isClean({ truncated, hung, duplicated, lost, mangled, malformed }: Verdict): boolean {
  return truncated + hung + duplicated + lost + mangled + malformed === 0;
}

/** The share of requests that were answered well, from 0 to 1; `null` where no answer was to be had. */
export function availability({ answerable, ok, requests }: Verdict): number | null {
  return answerable && requests > 0 ? ok / requests : null;
}

function outcome(seen: Observation["seen"]): "ok" | "error" | "cut" | "malformed" | "truncated" | "hung" {
  if (seen.end !== "answer") return seen.end;
  if (seen.status < 200 || seen.status > 299) return "error";
  return seen.right ? "ok" : "truncated";
}
