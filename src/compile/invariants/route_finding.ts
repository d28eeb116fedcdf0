/** What is worth saying of a route. @module */

import type { Issue } from "../../core/issue.ts";

export interface RouteFinding extends Pick<Issue, "severity" | "message" | "remedy"> {
  /** Place of the route in the config: `routes[3]`. */
  readonly source: string;
}
