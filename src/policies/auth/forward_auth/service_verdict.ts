/** What an authorization service says of a request. @module */

import type { Consumers } from "../../../core/consumers.ts";
import { HeaderList } from "../../../core/header_list.ts";
import type { Identity } from "../../../core/identity.ts";
import { Reply } from "../../../core/reply.ts";
import { CONSUMER_NAME } from "../../../settings/consumer_name.ts";
import type { ServiceAnswer } from "../../service/service.ts";
import { consumerIdentity } from "../consumer_identity.ts";

/** Fields of the answer that say who is asking. */
export interface IdentityFields {
  readonly subject?: string;
  readonly user?: string;
  readonly groups?: string;
  readonly consumer?: string;
}

/** What is read off an answer: names in lower case. */
export interface AnswerTerms {
  readonly identity: IdentityFields;
  /** Copied onto the request. */
  readonly responseHeaders: readonly string[];
  /** Of a good answer, passed on to the client. */
  readonly clientHeaders: readonly string[];
  /** Of a refusal, passed on to the client beside what belongs to its body. */
  readonly refusalHeaders: readonly string[];
}

/** It may pass. */
export interface Granted {
  readonly identity: Identity;
  /** `[name, value, …]` for the upstream. */
  readonly fields: readonly string[];
  /** `[name, value, …]` for the client that was asked for, and for no other. */
  readonly clientFields: readonly string[];
}

/** It may not, and this is what the client is told. */
export interface Denied {
  readonly status: number;
  answer(): Reply;
}

/** The service has not decided: why, for the log. */
export class Undecided {
  constructor(readonly reason: string) {}
}

/** Anything. */
export type ServiceVerdict = Granted | Denied | Undecided;

/** Refusals that are the client's to read. Every other status is the service's own trouble, or that of the config. */
const DENIALS: readonly number[] = [401, 403, 429];
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** Who may keep a refusal, and for whom: one goes with the other. */
const OF_CACHES = ["cache-control", "vary"];
/** Of a refusal's body. */
const OF_BODY = ["content-type", "content-encoding", "content-language"];

/** Reads an answer. */
export function verdictOf(answer: ServiceAnswer, terms: AnswerTerms, consumers: Consumers): ServiceVerdict {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return granted(headers, terms, consumers);
  const isRedirect = REDIRECTS.includes(status) && headers.has("location");
  if (isRedirect || DENIALS.includes(status)) return { status, answer: () => refusalOf(answer, terms.refusalHeaders) };
  return new Undecided(`the service answered with status ${status}`);
}

function granted(headers: HeaderList, terms: AnswerTerms, consumers: Consumers): Granted {
  const { identity, responseHeaders, clientHeaders } = terms;
  const read = (name: string | undefined) => name === undefined ? undefined : headers.get(name) || undefined;
  const consumer = read(identity.consumer), groups = read(identity.groups);
  const known = Object.entries({
    method: "forwardAuth",
    subject: read(identity.subject),
    user: read(identity.user),
    groups: groups?.split(",").map((group) => group.trim()).filter((group) => group !== ""),
    consumer: consumer !== undefined && CONSUMER_NAME.test(consumer) ? consumer : undefined,
  }).filter(([, value]) => value !== undefined);
  const fields = responseHeaders.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [name, value];
  });
  return {
    identity: Object.freeze(consumerIdentity(Object.fromEntries(known), consumers)),
    fields,
    clientFields: clientHeaders.flatMap((name) => headers.getAll(name).flatMap((value) => [name, value])),
  };
}

/** Made anew for each client, as policies may change it. */
function refusalOf({ status, headers, body }: ServiceAnswer, names: readonly string[]): Reply {
  const told = HeaderList.of();
  for (const name of new Set([...OF_CACHES, ...names, ...body.length === 0 ? [] : OF_BODY])) {
    for (const value of headers.getAll(name)) told.append(name, value);
  }
  if (!told.has("cache-control")) told.add("cache-control", "no-store");
  return new Reply(status, told, body.length === 0 ? null : body);
}
