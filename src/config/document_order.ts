/** The order in which things stand in a config. @module */

import type { Path } from "./finding.ts";
import { insideOf } from "./recorded_options.ts";

/** Compares two places by where they stand in `config`; keys that are not there come last. */
export function documentOrder(config: unknown): (a: Path, b: Path) => number {
  return (a, b) => {
    let value = config;
    for (let i = 0; i < a.length && i < b.length; i++) {
      const inside = insideOf(value);
      if (a[i] !== b[i]) return place(inside, a[i]) - place(inside, b[i]);
      value = typeof inside === "object" && inside !== null ? (inside as Record<string, unknown>)[a[i]] : undefined;
    }
    return a.length - b.length;
  };
}

function place(value: unknown, key: string | number): number {
  if (typeof key === "number") return key;
  const at = typeof value === "object" && value !== null ? Object.keys(value).indexOf(key) : -1;
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}
