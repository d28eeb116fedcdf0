/** Whether clients are asked for the certificates that policies go by. @module */

import { definitionOf } from "../../core/policy.ts";
import { mtlsDefinition } from "../../policies/auth/mtls.ts";
import { chainsOf, type Draft, type DraftListener } from "../draft.ts";
import type { Finding } from "../finding.ts";
import { withParts } from "../policy_parts.ts";

/** Each `mtls` of a config in which no listener asks for certificates: nobody would ever pass it. */
export function checkClientCertificates(draft: Draft): Finding[] {
  if (draft.listen.some(mayAsk)) return [];
  const all = chainsOf(draft).flatMap((chain) => chain.policies).flatMap(withParts);
  return all.filter(({ policy }) => definitionOf(policy) === mtlsDefinition).map(({ at }) => ({
    at,
    message: "mtls goes by the client's certificate, but no listener asks for one",
    remedy: 'listen: { …, tls: { …, clientCertificates: { ca: "./clients.pem" } } }',
  }));
}

/** Whether it does, or is written in a way that cannot be read. */
function mayAsk({ parsed }: DraftListener): boolean {
  return parsed === undefined || parsed.tls?.clientCertificates !== undefined;
}
