/** What the parts of one cache work with. @module */

import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Random } from "../../core/random.ts";
import type { TimerWheel } from "../../core/timer_wheel.ts";
import type { CacheCounts } from "./cache_counts.ts";
import type { CachePlan } from "./cache_plan.ts";
import type { CacheStatus } from "./cache_status.ts";
import type { Fills } from "./fills.ts";
import type { MemoryShelf } from "./memory/memory_shelf.ts";
import type { NormalForms } from "./selection/normal_forms.ts";
import type { SecondTier } from "./tier/second_tier.ts";
import type { Uncacheable } from "./uncacheable.ts";

/** One policy's way to its cache: the plan may be another after a reload, while what is kept stays. */
export interface CacheParts {
  readonly plan: CachePlan;
  readonly clock: Clock;
  readonly deadlines: TimerWheel;
  readonly random: Random;
  readonly log: Log;
  readonly shelf: MemoryShelf;
  readonly tier: SecondTier | null;
  readonly fills: Fills;
  readonly uncacheable: Uncacheable;
  readonly forms: NormalForms;
  readonly status: CacheStatus | null;
  readonly counts: CacheCounts;
  /** As {@link ResponseCache.invalidate}. */
  invalidate(key: string): void;
}
