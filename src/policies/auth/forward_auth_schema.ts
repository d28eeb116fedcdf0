/** What `forwardAuth` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { isInBody } from "../../core/key.ts";
import { isProxyOnly } from "../../http/forwarded.ts";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import { text } from "../../settings/text.ts";
import { type KeyOption, keySpec } from "../keys/key_spec.ts";
import { type ServiceAddress, serviceAddress } from "../service/service_address.ts";
import { protectedField, type Side } from "../shape/protected_fields.ts";
import type { IdentityFields } from "./forward_auth/service_verdict.ts";

/** The options as they are checked: durations in milliseconds, sizes in bytes, names of fields in lower case. */
export interface ForwardAuthPlan {
  readonly to: ServiceAddress;
  readonly method: "GET" | "HEAD" | "POST";
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  readonly clientHeaders: readonly string[];
  readonly refusalHeaders: readonly string[];
  readonly identity: IdentityFields;
  readonly cache?: {
    readonly key: KeyOption;
    readonly ttl: number;
    readonly everywhere: boolean;
    readonly size: number;
  };
  readonly timeout: number;
  readonly maxAnswer: number;
}

const MINUTE = 60_000, HOUR = 60 * MINUTE;
const KIB = 1024, MIB = 1024 * KIB;

/** Credentials, and what services choose between an answer and a login page by. */
export const REQUEST_HEADERS: readonly string[] = [
  ...["authorization", "cookie", "x-api-key", "accept", "accept-language", "user-agent", "origin", "referer"],
];

/** What clients need to do as they are told. */
export const REFUSAL_HEADERS: readonly string[] = ["location", "www-authenticate", "set-cookie", "retry-after"];

/** A field's name in lower case, of which `wrong` says why it cannot be one of these. */
function fieldName(side: Side, wrong: (name: string) => string | undefined = () => undefined) {
  return text<string>({
    expected: 'the name of a header, such as "x-user"',
    read(name) {
      const lower = name.toLowerCase();
      if (!isToken(name)) return new Refusal("this is no name of a header", '"x-user"');
      const reason = wrong(lower) ?? protectedField(lower, side);
      return reason === undefined ? lower : new Refusal(`${lower} cannot be one of these: ${reason}`);
    },
  });
}

const sent = fieldName(
  "request",
  (name) => isProxyOnly(name) ? "the gateway says itself where a request comes from" : undefined,
);
const copied = fieldName(
  "request",
  (name) => name === "set-cookie" ? "it is for clients, and no upstream reads it" : undefined,
);

const told = fieldName(
  "response",
  (name) => OF_ANSWERS.test(name) ? "it says something of the answer to the request, which is another one" : undefined,
);

/** Fields of a message about itself (RFC 9110 §8, RFC 9111 §5). */
const OF_ANSWERS = /^(?:content-.+|etag|last-modified|accept-ranges|cache-control|expires|age|date|vary|location)$/;

function uncacheable(key: string): Refusal | null {
  if (key === "request:id") return new Refusal("each request has an id of its own: nothing would be found again");
  if (!isInBody(key)) return null;
  return new Refusal(`${key} is in the request's body, which is not waited for here`, '"header:authorization"');
}

/** Schema of the options of `forwardAuth`. */
export const forwardAuthSchema: z.ZodType<ForwardAuthPlan, unknown> = settings(
  'settings such as { to: "http://auth.internal/check" }',
  {
    to: serviceAddress.describe("The service that decides: a URL, or { upstream, path }."),
    method: choice(["GET", "HEAD", "POST"]).prefault("GET").describe("How it is asked; the body is never sent."),
    requestHeaders: listOf("a list of headers", sent).prefault([...REQUEST_HEADERS])
      .describe("Headers of the request that are sent along."),
    responseHeaders: listOf("a list of headers", copied).prefault([])
      .describe("Headers of a good answer that the upstream gets in place of what the client sent under these names."),
    clientHeaders: listOf("a list of headers", told).prefault([])
      .describe("Headers of a good answer that the client gets with the answer to its request: set-cookie, for one."),
    refusalHeaders: listOf("a list of headers", fieldName("response")).prefault([...REFUSAL_HEADERS])
      .describe("Headers of a refusal that the client gets."),
    identity: settings('settings such as { subject: "x-user" }', {
      subject: fieldName("response").optional().describe("The header of the answer that says who is asking."),
      user: fieldName("response").optional().describe("The header that says the user's name."),
      groups: fieldName("response").optional().describe("The header that lists groups, with commas."),
      consumer: fieldName("response").optional().describe("The header that names the consumer."),
    }).prefault({}).describe("Headers of a good answer that say who is asking."),
    cache: settings('settings such as { key: "header:authorization", ttl: "30s" }', {
      key: keySpec(uncacheable).describe("What tells one client's credential from another's."),
      ttl: duration({ zero: false, most: HOUR }).describe("How long a good answer is believed."),
      everywhere: flag().prefault(false)
        .describe("Whether an answer holds for every method, host, path and query, or only for the same."),
      size: wholeNumber(2, 1_000_000).prefault(10_000).describe("Answers that are remembered."),
    }).optional().describe("Good answers that are remembered. Default: the service is asked for each request."),
    timeout: duration({ zero: false, most: MINUTE }).prefault("5s").describe("How long an answer may take."),
    maxAnswer: size(0, 16 * MIB).prefault(64 * KIB).describe("Longest body of an answer."),
  },
);
