/** What a route says of its hop. @module */

import type { ParsedRoute } from "./schema/route.ts";
import { said } from "./schema/said.ts";
import type { ValidHop } from "./valid_config.ts";

/** The route's own settings of one exchange; what it leaves open is the upstream's. */
export function hopOf({ timeouts = {}, retry = {}, hedge }: Pick<ParsedRoute, keyof ValidHop>): ValidHop {
  return { timeouts, retry, hedge: hedge === null ? null : said(hedge ?? {}) };
}
