/** The ways of routes to their upstreams as a table. @module */

import type { RouteView } from "../admin/route_view.ts";
import { hopText } from "./route_text.ts";
import { textTable } from "./text_table.ts";

/**
 * How often each route's requests are sent, and how long their clients wait for the head of an answer at worst.
 *
 * @param repeats whether to say what is sent again
 * @returns lines, none where no route leads to an upstream
 */
export function hopTable(views: readonly RouteView[], repeats: boolean): string[] {
  const rows = views.flatMap(({ id, hops }) =>
    hops.map(hopText).map((hop) => [id, hop.upstream, hop.tries, hop.worstCase, ...(repeats ? [hop.repeats] : [])])
  );
  if (rows.length === 0) return [];
  return textTable([["ROUTE", "UPSTREAM", "TRIES", "AT WORST", ...(repeats ? ["SENT AGAIN"] : [])], ...rows]);
}
