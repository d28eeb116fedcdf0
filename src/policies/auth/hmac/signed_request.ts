/** A request as its signer has seen it. @module */

import type { Exchange } from "../../../core/exchange.ts";
import type { HeaderList } from "../../../core/header_list.ts";
import { dictionary } from "./signature_input.ts";

/**
 * What signatures can be about. What has to be parsed for a component is parsed once for all of them: whoever names forty
 * members of one long field has shown no credential yet.
 */
export class SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authority: string;
  readonly headers: HeaderList;
  readonly #dictionaries = new Map<string, ReturnType<typeof dictionary>>();
  #parameters: Map<string, string | null> | null = null;

  constructor({ method, path, query, authority, headers }: Exchange, readonly scheme: "http" | "https") {
    this.method = method;
    this.path = path;
    this.query = query;
    this.authority = authority;
    this.headers = headers;
  }

  /** The members of a field, as {@link dictionary}; `null` where there is no such field, too. */
  dictionary(name: string): ReturnType<typeof dictionary> {
    const known = this.#dictionaries.get(name);
    if (known !== undefined) return known;
    const value = this.headers.get(name), members = value === null ? null : dictionary(value);
    this.#dictionaries.set(name, members);
    return members;
  }

  /** The decoded value of a parameter of the query; `null` where there is none of this name, or several. */
  parameter(name: string): string | null {
    return (this.#parameters ??= parametersOf(this.query)).get(name) ?? null;
  }
}

function parametersOf(query: string): Map<string, string | null> {
  const values = new Map<string, string | null>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, values.has(name) ? null : value);
  return values;
}
