/** The consumers of a plan, to be found by what they show. @module */

import type { ClientCertificate } from "../core/client_certificate.ts";
import type { Consumer, ConsumerPassword, Consumers } from "../core/consumers.ts";
import { certificateMarks, markText } from "./certificate_marks.ts";
import type { ConsumerPlan } from "./plan.ts";

/** Makes the maps of which each look-up is one or two. */
export function consumersOf(plans: readonly ConsumerPlan[]): Consumers {
  const byName = new Map<string, Consumer>(), byKey = new Map<string, Consumer>();
  const bySubject = new Map<string | null, Map<string, Consumer>>();
  const byUser = new Map<string, ConsumerPassword>(), byMark = new Map<string, Consumer>();
  for (const { name, groups, keys, subjects, users, certificates } of plans) {
    const consumer: Consumer = Object.freeze({ name, groups });
    byName.set(name, consumer);
    for (const key of keys) byKey.set(key.slice("sha256:".length), consumer);
    for (const { issuer, subject } of subjects) subjectsOf(bySubject, issuer).set(subject, consumer);
    for (const { user, hash } of users) byUser.set(user, { consumer, hash });
    for (const mark of certificates) byMark.set(markText(mark), consumer);
  }
  const ofAnyIssuer = bySubject.get(null);
  return Object.freeze({
    ofKey: (hash: string) => byKey.get(hash),
    ofSubject: (subject: string, issuer: string | undefined) =>
      (issuer === undefined ? undefined : bySubject.get(issuer)?.get(subject)) ?? ofAnyIssuer?.get(subject),
    ofUser: (user: string) => byUser.get(user),
    passwords: Object.freeze([...byUser.values()]),
    ofCertificate(certificate: ClientCertificate) {
      if (byMark.size === 0) return undefined;
      for (const mark of certificateMarks(certificate)) {
        const consumer = byMark.get(mark);
        if (consumer !== undefined) return consumer;
      }
      return undefined;
    },
    named: (name: string) => byName.get(name),
  });
}

function subjectsOf(
  bySubject: Map<string | null, Map<string, Consumer>>,
  issuer: string | null,
): Map<string, Consumer> {
  const known = bySubject.get(issuer) ?? new Map<string, Consumer>();
  bySubject.set(issuer, known);
  return known;
}
