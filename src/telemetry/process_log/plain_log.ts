/** A log with levels and categories, and nothing behind it. @module */

import type { Log, LogLevel } from "../../core/log.ts";
import type { TakeEntry } from "./log_router.ts";
import type { LogPlan } from "../telemetry_plan.ts";

const RISING: readonly LogPlan["level"][] = ["debug", "info", "warn", "error", "off"];

/** Hands entries of this category to `take` that are at or above its level: that of the longest name that it begins with. */
export function plainLog(plan: Pick<LogPlan, "level" | "levels">, take: TakeEntry, category = ""): Log {
  const least = RISING.indexOf(levelOf(plan, category));
  const writing = (level: LogLevel) => (msg: string, fields: Record<string, unknown> = {}) => {
    if (RISING.indexOf(level) >= least) take({ level, category, msg, fields });
  };
  return {
    debug: writing("debug"),
    info: writing("info"),
    warn: writing("warn"),
    error: writing("error"),
    in: (name) => plainLog(plan, take, category === "" ? name : `${category}.${name}`),
  };
}

function levelOf({ level, levels }: Pick<LogPlan, "level" | "levels">, category: string): LogPlan["level"] {
  for (let name = category; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    if (Object.hasOwn(levels, name)) return levels[name];
  }
  return level;
}
