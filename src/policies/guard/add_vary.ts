/** What an answer depends on besides its URL (RFC 9110 §12.5.5). @module */

import type { HeaderList } from "../../core/header_list.ts";

/**
 * Names request fields in `Vary`, beside those that stand there; `*`, which says more than any name, is left alone.
 *
 * @param names in lower case
 */
export function addVary(headers: HeaderList, names: readonly string[]): void {
  const present = headers.get("vary");
  if (present === null || present === "") {
    if (present === "") headers.remove("vary");
    headers.add("vary", names.length === 1 ? names[0] : names.join(", "));
    return;
  }
  const listed = present.toLowerCase().split(",").map((name) => name.trim());
  if (listed.includes("*")) return;
  const missing = names.filter((name) => !listed.includes(name));
  if (missing.length > 0) headers.set("vary", `${present}, ${missing.join(", ")}`);
}
