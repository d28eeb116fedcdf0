/** What README says of the `serve` engine. @module */

import { GAPS } from "./gaps.ts";
import type { Row } from "./row.ts";

/** The distinct gaps that rows name, as lines of a markdown list, in the order of {@link GAPS}. */
export function serveGaps(rows: readonly Row[]): string[] {
  const named = new Set(rows.map(({ serve }) => serve?.why));
  return Object.entries(GAPS).filter(([name]) => named.has(name as keyof typeof GAPS)).map(([, text]) => `- ${text}`);
}
