/** What a route says of its hop over what its upstream says. @module */

import { DEFAULT_RETRY } from "../upstreams/retry/retry_plan.ts";
import type { HopPlan } from "../upstreams/upstream_plan.ts";
import type { ValidHop } from "./valid_config.ts";

/** The settings of one exchange. A route that repeats what its upstream does not begins with the defaults. */
export function mergeHop(upstream: HopPlan, { timeouts, retry, hedge }: ValidHop): HopPlan {
  const ownRetry = retry !== null && Object.keys(retry).length > 0;
  return {
    timeouts: { ...upstream.timeouts, ...timeouts },
    retry: retry === null ? null : ownRetry ? { ...upstream.retry ?? DEFAULT_RETRY, ...retry } : upstream.retry,
    hedge: hedge === null ? null : hedge.after === undefined ? upstream.hedge : {
      after: hedge.after,
      max: hedge.max ?? upstream.hedge?.max ?? 1,
    },
  };
}
