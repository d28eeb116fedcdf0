/** Requests on their way to the upstream. @module */

import { isBodySource } from "../../../core/body.ts";
import type { BuildEnv } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { Handler, MaybePromise, Middleware } from "../../../core/handler.ts";
import type { Reply } from "../../../core/reply.ts";
import { problem } from "../../../http/problem.ts";
import { readPrefix } from "../../keys/body_prefix.ts";
import { isJsonType, isUtf8, mediaType } from "../../json/json_type.ts";
import { FAULT_TEXTS, readJson } from "../../json/read_json.ts";
import { contentChanged } from "../content_changed.ts";
import type { SidePlan } from "../transform_schema.ts";
import { bodyMapping } from "./body_mapping.ts";

/** Prepares the change of requests' bodies. */
export function requestTransform(
  { body: option, maxBody, otherTypes }: SidePlan,
  env: BuildEnv,
  id: string,
): Middleware {
  const map = bodyMapping(option, `request.body of policy "${id}"`, env.log);

  const mapBytes = (bytes: Uint8Array, exchange: Exchange, next: Handler): MaybePromise<Reply> => {
    if (bytes.length > maxBody) return tooLarge(exchange);
    // Whoever looks at the request while it is mapped sees it as it came.
    exchange.body = bytes;
    const { fault, value } = readJson(bytes);
    if (fault !== null) {
      return refuse(exchange, 400, "invalid_json", `The request's body cannot be read: ${FAULT_TEXTS[fault]}.`);
    }
    const mapped = map(value, exchange, null);
    const pass = (bytes: Uint8Array): MaybePromise<Reply> => {
      exchange.body = bytes;
      contentChanged(exchange.headers);
      return next(exchange);
    };
    return mapped instanceof Promise ? mapped.then(pass) : pass(mapped);
  };

  return (next) => (exchange) => {
    const { body, headers } = exchange;
    if (body === null || body.length === 0) return next(exchange);
    const contentType = headers.get("content-type");
    if (!isJsonType(mediaType(contentType)) || !isUtf8(contentType) || headers.has("content-encoding")) {
      return otherTypes === "pass" ? next(exchange) : otherType(exchange);
    }
    if (!isBodySource(body)) return mapBytes(body, exchange, next);
    if (body.length !== undefined && body.length > maxBody) return tooLarge(exchange);
    return readPrefix(body, maxBody + 1, env.deadlines).then(({ bytes }) => {
      if (bytes.length > 0) return mapBytes(bytes, exchange, next);
      exchange.body = null;
      return next(exchange);
    });
  };
}

function tooLarge(exchange: Exchange): Reply {
  return refuse(exchange, 413, "body_too_large", "The request's body is too large.");
}

function otherType(exchange: Exchange): Reply {
  return refuse(
    exchange,
    415,
    "unsupported_media_type",
    "The request's body must be JSON in UTF-8, not encoded further.",
  );
}

function refuse(exchange: Exchange, status: number, code: string, detail: string): Reply {
  exchange.error = code;
  return problem(exchange, { status, code, detail });
}
