/** What a policy goes by: a key, the first of several that is present, or a function. @module */

import type { z } from "zod";
import type { Exchange } from "../../core/exchange.ts";
import { isFact, isInBody, type Key, parseKey } from "../../core/key.ts";
import type { Log } from "../../core/log.ts";
import { functionOption } from "../../settings/function_option.ts";
import { anyKeyWhere } from "../../settings/key_text.ts";
import type { Refusal } from "../../settings/scalar.ts";
import { oneOfShapes, oneOrMore } from "../../settings/shapes.ts";
import type { Context } from "../context.ts";
import { contextOf } from "../exchange_context.ts";

/** Reads a key off a request by itself. Nothing, or an empty text, counts as absent. */
export type KeyFunction = (ctx: Context) => string | null | undefined;

/** A key, several of which the first that is present counts, or a function. */
export type KeySpec<K extends Key | KeyFunction = Key | KeyFunction> = K | readonly K[] | KeyFunction;

/** A {@link KeySpec} as schemas make it. */
export type KeyOption = readonly string[] | KeyFunction;

/** Where a request has none of the keys, it is counted with all the others that have none. */
export const ABSENT = "";

/** A whole IPv4 address, and of an IPv6 address the /64 that is the least a client has (RFC 6177). */
const ONE_CLIENT = "ip/32/64";

/** The text that a request goes by; {@link ABSENT} where it has none of the keys. */
export type KeyTextReader = (exchange: Exchange) => string;

/** Schema of a {@link KeySpec}. `wrong` says why a key cannot be one of these. */
export function keySpec(wrong: (key: string) => Refusal | null = () => null): z.ZodType<KeyOption, unknown> {
  const keys: z.ZodType<KeyOption, unknown> = oneOrMore(
    'a key such as "ip"',
    anyKeyWhere(wrong),
    "at least one key is needed",
  );
  return oneOfShapes('a key such as "ip", a list of them, or a function', [keys, functionOption<KeyFunction>()]);
}

/** The facts that something before must provide. */
export function factsOfKey(option: KeyOption): string[] {
  return typeof option === "function" ? [] : option.filter(isFact);
}

/** Whether one of the keys is in the request's body. */
export function readsBody(option: KeyOption): boolean {
  return typeof option !== "function" && option.some(isInBody);
}

/** In a few words: `jwt:sub or ip`. */
export function describeKey(option: KeyOption): string {
  return typeof option === "function" ? "a function" : option.join(" or ");
}

/** For what counts clients: `"ip"` stands for whoever has the address, and of IPv6 nobody has less than a /64. */
export function byClient(option: KeyOption): KeyOption {
  return typeof option === "function" ? option : option.map((key) => key === "ip" ? ONE_CLIENT : key);
}

/**
 * Prepares the reading. Of several keys each value carries the name of its key, so that nobody can be counted as somebody
 * else by sending that one's address in a header.
 *
 * @param log what a function's context logs to
 */
export function keyTextReader(option: KeyOption, log: Log): KeyTextReader {
  if (typeof option === "function") return (exchange) => functionText(option(contextOf(exchange, log)));
  const readers = option.map((key) => {
    const reader = parseKey(key);
    if (reader === undefined) throw new TypeError(`"${key}" is not a key`);
    return reader;
  });
  if (readers.length === 1) {
    const [reader] = readers;
    return (exchange) => reader(exchange) ?? ABSENT;
  }
  const names = option.map((key) => `${key}=`);
  return (exchange) => {
    for (let i = 0; i < readers.length; i++) {
      const value = readers[i](exchange);
      if (value !== undefined && value !== "") return names[i] + value;
    }
    return ABSENT;
  };
}

function functionText(value: unknown): string {
  if (value === undefined || value === null) return ABSENT;
  if (typeof value === "string") return value;
  throw new TypeError(`the function of a key returned a ${typeof value}: return a string, or nothing`);
}
