/** A web request's fields. @module */

import { HeaderList } from "../../core/header_list.ts";

/**
 * The fields in one pass: every request is asked for its Host at least, and one pass over `Headers` costs as much as two
 * look-ups in it. The runtime has joined the values of repeated fields.
 *
 * @param hidden tells names, in lower case, that nobody behind the engine may see
 */
export function headerListOf(headers: Headers, hidden: ((name: string) => boolean) | null): HeaderList {
  const fields: string[] = [];
  headers.forEach((value, name) => {
    if (hidden === null || !hidden(name)) fields.push(name, value);
  });
  return new HeaderList(null, fields);
}
