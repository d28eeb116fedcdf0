/** Whether included routes are routes. @module */

import { z } from "zod";
import type { Finding } from "../finding.ts";
import { findingsFromZod } from "../issues_from_zod.ts";
import { entriesOf, settingsOf } from "../read_part.ts";
import { routeSetSchema } from "../schema/gateway.ts";
import { UNREADABLE } from "../unreadable.ts";

/** What is wrong with the shape of what `include` lists. */
export function checkIncludes(written: unknown): Finding[] {
  return entriesOf(settingsOf(written).include).flatMap((set, i) => {
    if (set === UNREADABLE) return [];
    const { error } = z.core.safeParse(routeSetSchema, set);
    return error === undefined ? [] : findingsFromZod(error.issues, set, routeSetSchema, ["include", i]);
  });
}
