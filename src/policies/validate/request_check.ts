/** Requests against their rules. @module */

import { isBodySource } from "../../core/body.ts";
import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import { BytesSource } from "../../http/bytes_source.ts";
import { problem } from "../../http/problem.ts";
import { readPrefix } from "../keys/body_prefix.ts";
import { isUtf8, mediaType } from "../json/json_type.ts";
import { FAULT_TEXTS, readJson } from "../json/read_json.ts";
import type { Check } from "./compile_check.ts";
import type { Part } from "./parameter_group.ts";
import type { Validation } from "./validation.ts";
import type { ValueFault } from "./value_fault.ts";

/** Bytes of a body of which every fault is listed. In a longer one there may be so many that listing them costs too much. */
const LISTED = 64 * 1024;

/** One error of an answer's list. */
interface PartFault extends ValueFault {
  readonly in: Part | "body";
}

/** How much of a request is looked at, and told. */
export interface RequestLimits {
  /** Bytes. */
  readonly maxBody: number;
  readonly maxDepth: number;
  readonly maxErrors: number;
}

const NONE: readonly PartFault[] = Object.freeze([]);

/** Lets those pass that are as they should be. */
export class RequestCheck {
  readonly #validation: Validation;
  readonly #limits: RequestLimits;
  readonly #env: Pick<BuildEnv, "deadlines">;

  constructor(validation: Validation, limits: RequestLimits, env: Pick<BuildEnv, "deadlines">) {
    this.#validation = validation;
    this.#limits = limits;
    this.#env = env;
  }

  handle(exchange: Exchange, next: Handler): MaybePromise<Reply> {
    const faults = this.#parameterFaults(exchange), rules = this.#validation.body, { body, headers } = exchange;
    if (rules === null) return this.#finish(exchange, faults, next);
    if (body === null || body.length === 0) return this.#withoutBody(exchange, faults, next);
    const contentType = headers.get("content-type"), rule = rules.media.find(mediaType(contentType));
    if (rule === undefined) {
      return refuse(exchange, 415, "unsupported_media_type", "The body's type is not taken here.");
    }
    if (rule.check === null) return this.#finish(exchange, faults, next);
    if (!isUtf8(contentType)) return refuse(exchange, 415, "unsupported_media_type", "JSON is in UTF-8.");
    if (headers.has("content-encoding")) {
      const reply = refuse(exchange, 415, "unsupported_content_encoding", "The body must not be encoded.");
      // RFC 9110 §12.5.3: this is what would be taken.
      reply.setHeader("accept-encoding", "identity");
      return reply;
    }
    const { maxBody } = this.#limits, { check } = rule;
    if (body.length !== undefined && body.length > maxBody) return tooLarge(exchange);
    if (!isBodySource(body)) return this.#bytes(exchange, body, check, faults, next);
    return readPrefix(body, maxBody + 1, this.#env.deadlines).then(({ bytes }) => {
      if (bytes.length > maxBody) return tooLarge(exchange);
      const trailers = body.trailers ?? [];
      exchange.body = trailers.length > 0 ? new BytesSource(bytes, trailers) : bytes.length > 0 ? bytes : null;
      return bytes.length === 0
        ? this.#withoutBody(exchange, faults, next)
        : this.#bytes(exchange, bytes, check, faults, next);
    });
  }

  #parameterFaults(exchange: Exchange): readonly PartFault[] {
    let faults = NONE;
    for (const group of this.#validation.groups) {
      const found = group.check(exchange);
      if (found.length > 0) faults = [...faults, ...found.map((fault) => ({ in: group.part, ...fault }))];
    }
    return faults;
  }

  #withoutBody(exchange: Exchange, faults: readonly PartFault[], next: Handler): MaybePromise<Reply> {
    const isMissing = this.#validation.body!.isRequired(exchange.method);
    const missing: readonly PartFault[] = isMissing ? [{ in: "body", pointer: "", message: "is missing" }] : NONE;
    return this.#finish(exchange, [...faults, ...missing], next);
  }

  #bytes(
    exchange: Exchange,
    bytes: Uint8Array,
    check: Check,
    faults: readonly PartFault[],
    next: Handler,
  ): MaybePromise<Reply> {
    const { fault, value } = readJson(bytes, this.#limits.maxDepth);
    if (fault !== null) {
      return refuse(exchange, 400, "invalid_json", `The body cannot be read: ${FAULT_TEXTS[fault]}.`);
    }
    const found = check(value, bytes.length <= LISTED);
    if (found.length === 0) return this.#finish(exchange, faults, next);
    return this.#finish(exchange, [...faults, ...found.map((fault) => ({ in: "body" as const, ...fault }))], next);
  }

  #finish(exchange: Exchange, faults: readonly PartFault[], next: Handler): MaybePromise<Reply> {
    if (faults.length === 0) return next(exchange);
    const errors = faults.slice(0, this.#limits.maxErrors).map(({ in: part, pointer, message }) => ({
      in: part,
      pointer,
      message,
    }));
    const [{ in: part, pointer, message }] = errors;
    exchange.reason = `${part}${pointer}: ${message}`;
    exchange.error = "validation_failed";
    return problem(exchange, {
      status: 422,
      code: "validation_failed",
      detail: "The request is not what is described for it.",
      extra: faults.length > errors.length ? { errors, more: true } : { errors },
    });
  }
}

function tooLarge(exchange: Exchange): Reply {
  return refuse(exchange, 413, "body_too_large", "The request's body is too large.");
}

function refuse(exchange: Exchange, status: number, code: string, detail: string): Reply {
  exchange.error = code;
  return problem(exchange, { status, code, detail });
}
