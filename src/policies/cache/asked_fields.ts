/** What a cache asks of the upstream. @module */

import { FieldSet } from "../../core/field_set.ts";
import { HeaderList } from "../../core/header_list.ts";

/** What only one client asked: the upstream is asked for all of it, whether or not that one has it already. */
const CLIENTS_OWN = new FieldSet(["range", "if-range", "if-none-match", "if-modified-since"]);

/** A request's fields, with conditions of the cache's own in the place of its client's. */
export function askedFields(headers: HeaderList, conditions: readonly string[]): HeaderList {
  const fields: string[] = [], all = headers.flat();
  for (let i = 0; i < all.length; i += 2) if (!CLIENTS_OWN.has(all[i])) fields.push(all[i], all[i + 1]);
  fields.push(...conditions);
  return HeaderList.of(...fields);
}
