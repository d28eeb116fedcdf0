/** One refusal of several. @module */

import { AuthRefusal, type RefusalKind } from "../auth_refusal.ts";
import type { Member } from "./members.ts";

/** Which kind speaks for all: while somebody could not be asked, nobody knows whether a credential is good. */
const GRAVEST: readonly RefusalKind[] = ["unavailable", "limited", "forbidden", "invalid", "absent"];

/**
 * Makes one refusal of those of all members: with the challenges of each, the reasons of those that were shown something,
 * and the answer of a service that was asked, where its refusal is the gravest. While the members refuse as they did the
 * last time, it is the same.
 */
export function jointRefusals(members: readonly Member[]): (refusals: readonly AuthRefusal[]) => AuthRefusal {
  let last: readonly AuthRefusal[] = [], joint: AuthRefusal | null = null;
  return (refusals) => {
    if (joint !== null && refusals.every((refusal, i) => refusal === last[i])) return joint;
    last = refusals;
    return joint = join(members, refusals);
  };
}

function join(members: readonly Member[], refusals: readonly AuthRefusal[]): AuthRefusal {
  const kind = GRAVEST.find((kind) => refusals.some((refusal) => refusal.kind === kind))!;
  const shown = refusals.flatMap((refusal, i) =>
    refusal.kind === "absent" && kind !== "absent" ? [] : [`${members[i].kind}: ${refusal.reason}`]
  );
  const waits = refusals.flatMap((refusal) =>
    refusal.kind === kind && refusal.retryAfter !== undefined ? refusal.retryAfter : []
  );
  const answer = refusals.find((refusal) => refusal.kind === kind && refusal.answer !== undefined)?.answer;
  return new AuthRefusal(kind, {
    reason: shown.join("; "),
    challenges: [...new Set(refusals.flatMap(({ challenges }) => challenges))],
    fields: refusals.flatMap(({ fields }) => fields),
    ...(answer === undefined ? {} : { answer }),
    ...(waits.length === 0 ? {} : { retryAfter: Math.min(...waits) }),
  });
}
