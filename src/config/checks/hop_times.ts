/** Whether tries, pauses and hedges fit into the times that they have. @module */

import { formatDuration } from "../../core/units.ts";
import { DEFAULT_SETTINGS } from "../../upstreams/default_upstream.ts";
import { largestBackoffs, triesOf } from "../../upstreams/hop_times.ts";
import type { HopPlan } from "../../upstreams/upstream_plan.ts";
import type { Draft, DraftRoute, DraftUpstream } from "../draft.ts";
import { type Finding, type Path, pathText } from "../finding.ts";
import { mergeHop } from "../merge_hop.ts";
import { readPart, settingsOf } from "../read_part.ts";
import { hopOf } from "../route_hop.ts";
import { routeUpstreams } from "../route_upstreams.ts";
import { routeSchema } from "../schema/route.ts";
import { seenText } from "../seen.ts";

/** Times that do not go together. */
interface Misfit {
  /** The settings that make it one; it is shown at the first that is written. */
  readonly about: readonly Path[];
  readonly message: string;
  readonly remedy: string;
}

/** Settings of upstreams, and of routes over their upstreams', by which a try or a hedge would be cut off every time. */
export function checkHopTimes({ upstreams, routes }: Draft): Finding[] {
  return [
    ...upstreams.flatMap(({ parsed, written, at }) =>
      parsed === undefined ? [] : placed(misfitsOf(parsed), written, at)
    ),
    ...routes.flatMap((route) => routeTimes(route, upstreams)),
  ];
}

/** What is wrong with the upstream alone is said there. */
function routeTimes({ at, written }: DraftRoute, upstreams: readonly DraftUpstream[]): Finding[] {
  const { timeouts, retry, hedge } = routeSchema.shape;
  const own = {
    timeouts: readPart(timeouts, written.timeouts),
    retry: readPart(retry, written.retry),
    hedge: readPart(hedge, written.hedge),
  };
  const said = new Set<string>();
  return routeUpstreams(written).flatMap(({ at: place, upstream }) => {
    if (place[0] !== "upstream" && place[0] !== "split") return [];
    const hop = typeof upstream === "object"
      ? DEFAULT_SETTINGS
      : upstreams.find(({ name }) => name === upstream)?.parsed;
    if (hop === undefined) return [];
    const known = misfitsOf(hop).map(({ message }) => message);
    return placed(misfitsOf(mergeHop(hop, hopOf(own))), written, at).filter(({ at, message }) => {
      const id = `${pathText(at)} ${message}`, isNew = !known.includes(message) && !said.has(id);
      said.add(id);
      return isNew;
    });
  });
}

function placed(misfits: readonly Misfit[], written: unknown, at: Path): Finding[] {
  return misfits.flatMap(({ about, message, remedy }) => {
    const values = about.map((path) => path.reduce<unknown>((part, key) => settingsOf(part)[key], written));
    const first = values.findIndex((value) => value !== undefined);
    return first < 0 ? [] : [{ at: [...at, ...about[first]], message, seen: seenText(values[first]), remedy }];
  });
}

const ATTEMPT: Path = ["timeouts", "attempt"], TOTAL: Path = ["timeouts", "total"];

function misfitsOf(hop: HopPlan): Misfit[] {
  return [...tries(hop), ...hedges(hop)];
}

function tries({ timeouts: { attempt, total }, retry }: HopPlan): Misfit[] {
  if (attempt === null || total === null) return [];
  if (attempt >= total) {
    const message = `timeouts.attempt, which is ${formatDuration(attempt)}, is not below timeouts.total, ` +
      `which is ${formatDuration(total)}`;
    return [{ about: [ATTEMPT, TOTAL], message, remedy: "a shorter attempt, or a longer total" }];
  }
  const count = triesOf(retry), pauses = largestBackoffs(retry), sum = count * attempt + pauses;
  if (sum <= total) return [];
  const message = `${count} tries of ${formatDuration(attempt)} and pauses of up to ${formatDuration(pauses)} take ` +
    `${formatDuration(sum)}, and timeouts.total is ${formatDuration(total)}`;
  const remedy = "fewer retry.attempts, a shorter timeouts.attempt, or a longer timeouts.total";
  return [{ about: [ATTEMPT, TOTAL, ["retry", "attempts"], ["retry", "backoff"], ["retry"]], message, remedy }];
}

function hedges({ timeouts, hedge }: HopPlan): Misfit[] {
  if (hedge === null || typeof hedge.after !== "number") return [];
  const { after } = hedge;
  const limit = (["attempt", "total"] as const).find((key) => timeouts[key] !== null && timeouts[key] <= after);
  if (limit === undefined) return [];
  const message = `a hedge after ${formatDuration(after)} would never be sent: timeouts.${limit} is ` +
    formatDuration(timeouts[limit]!);
  return [{ about: [["hedge", "after"], ["timeouts", limit]], message, remedy: "a shorter hedge.after" }];
}
