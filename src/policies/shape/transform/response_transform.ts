/** Answers on their way to the client. @module */

import { BodyError, type BodySource } from "../../../core/body.ts";
import type { BuildEnv } from "../../../core/build_env.ts";
import { dropReply } from "../../../core/drop_reply.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise, Middleware } from "../../../core/handler.ts";
import type { Reply } from "../../../core/reply.ts";
import { hasNoContent } from "../../../http/no_content.ts";
import { problem } from "../../../http/problem.ts";
import { isJsonType, isUtf8, mediaType } from "../../json/json_type.ts";
import { FAULT_TEXTS, readJson } from "../../json/read_json.ts";
import { clientLeft } from "../../traffic/client_left.ts";
import { wholeBody } from "../../whole_body.ts";
import { contentChanged, weakenAsAsked } from "../content_changed.ts";
import type { ResponseSidePlan } from "../transform_schema.ts";
import { type BodyMapping, bodyMapping } from "./body_mapping.ts";
import { statusFilter } from "./status_filter.ts";

const PARTIAL = 206, NOT_MODIFIED = 304;

/** Prepares the change of answers' bodies. */
export function responseTransform(plan: ResponseSidePlan, env: BuildEnv, id: string): Middleware {
  const transform = new ResponseTransform(plan, env, id);
  return (next) => (exchange) => {
    const { headers } = exchange;
    // A part of the answer, or one that is encoded, could not be read, and would pass as it is.
    headers.remove("range");
    headers.remove("if-range");
    // Without the field any encoding would do (RFC 9110 §12.5.3).
    headers.set("accept-encoding", "identity");
    const reply = next(exchange);
    return reply instanceof Promise
      ? reply.then((reply) => transform.apply(exchange, reply))
      : transform.apply(exchange, reply);
  };
}

class ResponseTransform {
  readonly #plan: ResponseSidePlan;
  readonly #env: BuildEnv;
  readonly #id: string;
  readonly #mapping: BodyMapping;
  readonly #isOne: (status: number) => boolean;

  constructor(plan: ResponseSidePlan, env: BuildEnv, id: string) {
    this.#plan = plan;
    this.#env = env;
    this.#id = id;
    this.#mapping = bodyMapping(plan.body, `response.body of policy "${id}"`, env.log);
    this.#isOne = statusFilter(plan.statuses);
  }

  apply(exchange: Exchange, reply: Reply): MaybePromise<Reply> {
    const { headers, status, tunnel, body } = reply;
    if (status === NOT_MODIFIED) weakenAsAsked(exchange, headers);
    if (tunnel !== null || hasNoContent(status) || !this.#isOne(status)) return reply;
    const isHead = exchange.method === "HEAD";
    if (!isHead && (body === null || body.length === 0)) return reply;
    const contentType = headers.get("content-type"), isJson = isJsonType(mediaType(contentType)) && isUtf8(contentType);
    if (!isJson || headers.has("content-encoding") || status === PARTIAL) {
      return this.#plan.otherTypes === "pass" || isHead
        ? reply
        : this.#refuse(exchange, reply, "it is not JSON, or it is encoded or partial", "upstream_body_unreadable");
    }
    if (body instanceof Uint8Array && !isHead) {
      return this.#map(exchange, reply, body.length > this.#plan.maxBody ? null : body);
    }
    if (!isHead) return this.#read(exchange, reply, body as BodySource);
    // The length that GET would have is not known.
    dropReply(reply);
    reply.body = null;
    contentChanged(headers);
    return reply;
  }

  async #read(exchange: Exchange, reply: Reply, body: BodySource): Promise<Reply> {
    // Nobody else holds the body meanwhile: the upstream would go on for a client that has left.
    const work = { abandon: () => body.cancel() };
    exchange.onAbort(work);
    let bytes: Uint8Array | null;
    try {
      bytes = await wholeBody(body, this.#plan.maxBody);
    } catch (error) {
      if (exchange.aborted) return clientLeft(exchange);
      if (!(error instanceof BodyError)) throw error;
      return error.fault === "endpoint-timeout"
        ? this.#refuse(exchange, reply, error.message, "upstream_body_timeout", 504)
        : this.#refuse(exchange, reply, error.message, "upstream_body_broken");
    } finally {
      exchange.offAbort(work);
    }
    // A body that was given up may look like one that has ended.
    if (exchange.aborted) return clientLeft(exchange);
    if (bytes?.length !== 0) return this.#map(exchange, reply, bytes);
    reply.body = bytes;
    return reply;
  }

  /** @param bytes `null` for too many */
  #map(exchange: Exchange, reply: Reply, bytes: Uint8Array | null): MaybePromise<Reply> {
    if (bytes === null) {
      return this.#refuse(exchange, reply, `it has more than ${this.#plan.maxBody} bytes`, "upstream_body_too_large");
    }
    const { fault, value } = readJson(bytes);
    if (fault !== null) return this.#refuse(exchange, reply, FAULT_TEXTS[fault], "upstream_body_unreadable");
    reply.body = bytes;
    const mapped = this.#mapping(value, exchange, reply);
    const changed = (bytes: Uint8Array): Reply => {
      reply.body = bytes;
      contentChanged(reply.headers);
      return reply;
    };
    return mapped instanceof Promise ? mapped.then(changed) : changed(mapped);
  }

  /** Nothing that should have been changed goes out unchanged. */
  #refuse(exchange: Exchange, dropped: Reply, reason: string, code: string, status = 502): Reply {
    dropReply(dropped);
    exchange.error = code;
    const { requestId, route, endpoint } = exchange;
    this.#env.log.warn("an answer could not be transformed", { policy: this.#id, route, endpoint, requestId, reason });
    return problem(exchange, { status, code, detail: "The service's answer could not be processed." });
  }
}
