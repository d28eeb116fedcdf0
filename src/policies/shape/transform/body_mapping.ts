/** How one body becomes another. @module */

import type { Exchange } from "../../../core/exchange.ts";
import type { MaybePromise } from "../../../core/handler.ts";
import type { Log } from "../../../core/log.ts";
import type { Reply } from "../../../core/reply.ts";
import { contextOf } from "../../exchange_context.ts";
import { inTrace } from "../../in_trace.ts";
import type { BodyOption } from "../transform_schema.ts";
import { prepareTemplate } from "./body_template.ts";

/** Makes the bytes of a new body. `reply` is there for answers. */
export type BodyMapping = (value: unknown, exchange: Exchange, reply: Reply | null) => MaybePromise<Uint8Array>;

const encoder = new TextEncoder();

/** Prepares a function or a template. What a function throws passes up the chain. @param who names it in messages */
export function bodyMapping(option: BodyOption, who: string, log: Log): BodyMapping {
  const encode = (value: unknown): Uint8Array => {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`${who} returned nothing that JSON can hold: return null for null`);
    return encoder.encode(text);
  };
  if (typeof option === "function") {
    return (value, exchange, reply) => {
      const mapped = inTrace(exchange, () => option(value, contextOf(exchange, log), reply));
      return mapped instanceof Promise ? mapped.then(encode) : encode(mapped);
    };
  }
  const template = prepareTemplate(option.template);
  if ("length" in template) throw new TypeError(`${who} is no template: ${template[0].message}`);
  // As a whole it stands for something: a body that is absent is null.
  return (value, exchange) => encode(template.fill(value, exchange) ?? null);
}
