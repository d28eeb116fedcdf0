/**
 * The `headers` policy: sets, appends and removes fields of the request on its way to the upstream and of the response
 * on its way back.
 *
 * @module
 */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { FactsIn } from "../../core/facts.ts";
import type { Middleware } from "../../core/handler.ts";
import { isFieldValue } from "../../core/header_list.ts";
import { isFact } from "../../core/key.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import { isSecret, type Secret } from "../../core/secret.ts";
import { templateOf } from "../../core/template.ts";
import { problem } from "../../http/problem.ts";
import { fieldText } from "./field_text.ts";
import { type FieldValue, fieldValue } from "./field_value.ts";
import { type FieldValues, HeaderEdits } from "./header_edits.ts";
import { headersSchema } from "./headers_schema.ts";

/** Changes to the fields of one message. First what `remove` names goes, then `set` and `append` are written. */
export interface HeaderEditOptions<V extends string = string> {
  /** Fields to have exactly this value, whatever came. */
  readonly set?: { readonly [name: string]: V | Secret };
  /** Fields to add beside those of the same name. */
  readonly append?: { readonly [name: string]: V | Secret };
  /** Names of fields that do not pass. */
  readonly remove?: readonly string[];
}

/**
 * Options of {@link headers}. Values are templates in the key grammar, `"{param:id}"`, `"{ip}"`, `"{request:id}"`, in
 * which an absent key counts as empty and `{{` is a brace, or secrets. Text is sent as UTF-8.
 */
export interface HeadersOptions<V extends string = string> {
  /**
   * Of the request, before it goes on. A value that would hold a control character (a query parameter may decode to CR
   * or LF) is answered with 400 and nothing is sent upstream.
   */
  readonly request?: HeaderEditOptions<V>;
  /**
   * Of the response, whoever made it. Keys read the request: `"{header:origin}"`. A value that would hold a control
   * character is left out, with a line in the log.
   */
  readonly response?: HeaderEditOptions<V>;
}

/**
 * Changes header fields. Framing and hop-by-hop fields (`content-length`, `connection`, …), `host` and what the gateway
 * itself says about the client (`x-forwarded-for`, …) are refused by `check`.
 *
 * @example
 * ```ts
 * import { headers, secret } from "gatewright";
 *
 * const policy = headers({
 *   request: { set: { "x-user": "{param:id}", "x-api-key": secret.env("API_KEY") }, remove: ["cookie"] },
 *   response: { set: { "x-frame-options": "DENY" }, remove: ["server"] },
 * });
 * console.log(policy.kind); // headers
 * ```
 */
export function headers<const V extends string>(options: HeadersOptions<V>): Policy<"headers", FactsIn<V>, never> {
  return recordPolicy(headersDefinition, options);
}

/** The `headers` policy's options, its facts and what it is built into. */
export const headersDefinition: PolicyDefinition<HeadersOptions> = {
  kind: "headers",
  schema: headersSchema,
  facts: (options) => ({
    needs: [...new Set(templates(options).flatMap((template) => templateOf(template).keys).filter(isFact))],
  }),
  traits: () => ({ guard: false }),
  secretNames: ({ request, response }) =>
    [request?.set, request?.append, response?.set, response?.append].flatMap((values = {}) =>
      Object.keys(values).filter((name) => isSecret(values[name]))
    ),
  secretFault: (_options, _at, value) =>
    isFieldValue(fieldText(value)) ? null : {
      message: "the value of this secret cannot stand in a header field: " +
        "it has a line break, another control character or outer white space",
      remedy: "one line of text",
    },
  describe: ({ request, response }) =>
    ["headers", ...describe("request", request), ...describe("response", response)].join(" "),
  build(options, env, id) {
    const request = prepare(options.request, env, id), response = prepare(options.response, env, id);
    const onRequest: Middleware = request.empty ? pass : editRequest(request, env, id);
    const onResponse: Middleware = response.empty ? pass : editResponse(response, env, id);
    // Outermost, so that the response edits reach a refusal too.
    return (next) => onResponse(onRequest(next));
  },
};

/** The problem's code, and the exchange's. */
const REFUSED = "invalid_header_value";

const pass: Middleware = (next) => next;

function editRequest(edits: HeaderEdits, env: BuildEnv, id: string): Middleware {
  return (next) => (exchange) => {
    const values = edits.values(exchange);
    const refused = edits.refused(values);
    if (refused !== null) return refuse(exchange, refused, env, id);
    edits.write(exchange.headers, values);
    return next(exchange);
  };
}

function editResponse(edits: HeaderEdits, env: BuildEnv, id: string): Middleware {
  const { fixed } = edits;
  // With nothing of the exchange to hold on to there is no closure to make.
  if (fixed !== null) return replaceReply((reply) => written(edits, reply, fixed));
  const edit = (exchange: Exchange, reply: Reply): Reply => {
    const values = edits.values(exchange);
    const refused = edits.refused(values);
    if (refused !== null) {
      env.log.warn("a response header was left out: its value has a control character", {
        policy: id,
        header: refused,
        requestId: exchange.requestId,
      });
    }
    return written(edits, reply, values);
  };
  return (next) => (exchange) => {
    const reply = next(exchange);
    return reply instanceof Promise ? reply.then((reply) => edit(exchange, reply)) : edit(exchange, reply);
  };
}

function replaceReply(edit: (reply: Reply) => Reply): Middleware {
  return (next) => (exchange) => {
    const reply = next(exchange);
    return reply instanceof Promise ? reply.then(edit) : edit(reply);
  };
}

function written(edits: HeaderEdits, reply: Reply, values: FieldValues): Reply {
  edits.write(reply.headers, values);
  return reply;
}

function refuse(exchange: Exchange, header: string, env: BuildEnv, id: string): Reply {
  exchange.error = REFUSED;
  env.log.debug("a request was refused: the value for a header has a control character", {
    policy: id,
    header,
    requestId: exchange.requestId,
  });
  return problem(exchange, {
    status: 400,
    code: REFUSED,
    detail: "A part of the request that is sent on as a header has a control character.",
  });
}

function prepare(options: HeaderEditOptions | undefined, env: BuildEnv, id: string): HeaderEdits {
  const fields = (values: HeaderEditOptions["set"]) =>
    Object.entries(values ?? {}).map(([name, value]): [string, string | FieldValue] => [
      name.toLowerCase(),
      isSecret(value) ? secretValue(value, name, env, id) : fieldValue(value),
    ]);
  return new HeaderEdits({
    remove: (options?.remove ?? []).map((name) => name.toLowerCase()),
    set: fields(options?.set),
    append: fields(options?.append),
  });
}

function secretValue(secret: Secret, header: string, env: BuildEnv, id: string): string {
  const read = env.secrets(secret);
  const name = secret.env === undefined ? `secret.file("${secret.file}")` : `secret.env("${secret.env}")`;
  if ("error" in read) {
    throw new Error(`policy ${id}: the value of header "${header}", ${name}, cannot be had: ${read.error}`);
  }
  const text = fieldText(read.value);
  if (!isFieldValue(text)) {
    throw new Error(
      `policy ${id}: the value of header "${header}", ${name}, has a line break, another control character or outer white space`,
    );
  }
  return text;
}

function templates({ request, response }: HeadersOptions): string[] {
  return [request, response].flatMap((
    edits,
  ) => [...Object.values(edits?.set ?? {}), ...Object.values(edits?.append ?? {})])
    .filter((value) => typeof value === "string");
}

function describe(side: string, edits: HeaderEditOptions | undefined): string[] {
  const parts = [
    ...Object.keys(edits?.set ?? {}).map((name) => `=${name}`),
    ...Object.keys(edits?.append ?? {}).map((name) => `+${name}`),
    ...(edits?.remove ?? []).map((name) => `-${name}`),
  ];
  return parts.length === 0 ? [] : [`${side} ${parts.join(" ")}`];
}
