/** Whether some constraints leave anything of what others allow. @module */

import { type Constraint, satisfies, type Value, valuesOf } from "./constraint.ts";

/** Values of some subjects; the rest does not matter. */
export type Cell = ReadonlyMap<string, Value>;

/** What a search came to. */
export interface GapSearch {
  /** `covered`: every cell was looked at and none accepted. `gap`: one was. `unknown`: too many to look at. */
  readonly result: "covered" | "gap" | "unknown";
  /** Which of the covers were met, by index. */
  readonly met: ReadonlySet<number>;
}

/** Limits the work of many searches by counting it, so that the result does not depend on the machine. */
export interface Budget {
  /** Steps left; below zero a search gives up. */
  left: number;
}

/**
 * Searches the requests that satisfy `target` for some that satisfy none of the `covers`. Subjects are taken one after
 * the other; for each of their values the covers it contradicts drop out, and where one is satisfied the search turns
 * back.
 *
 * @param accept sees every cell that no cover takes; `true` ends the search
 */
export function searchGaps(
  target: readonly Constraint[],
  covers: readonly (readonly Constraint[])[],
  budget: Budget,
  accept: (cell: Cell) => boolean,
): GapSearch {
  const met = new Set<number>(), cell = new Map<string, Value>(), domains = new Map<string, readonly Value[] | null>();

  const domain = (subject: string): readonly Value[] | null => {
    let values = domains.get(subject);
    if (values === undefined) {
      const own = target.filter((constraint) => constraint.subject === subject);
      budget.left -= covers.length;
      values = valuesOf(subject, [...own, ...covers.flat()])
        ?.filter((value) => own.every((constraint) => satisfies(value, constraint))) ?? null;
      domains.set(subject, values);
    }
    return values;
  };

  const search = (live: readonly Live[]): GapSearch["result"] => {
    const full = live.find((cover) => cover.left.length === 0);
    if (full !== undefined) {
      met.add(full.index);
      return "covered";
    }
    if (live.length === 0) return accept(cell) ? "gap" : "covered";
    const { subject } = live[0].left[0], values = domain(subject);
    if (values === null) return "unknown";
    for (const value of values) {
      budget.left -= live.length;
      if (budget.left < 0) return "unknown";
      cell.set(subject, value);
      const result = search(remaining(live, subject, value));
      if (result !== "covered") return result;
    }
    cell.delete(subject);
    return "covered";
  };

  return { result: search(covers.map((left, index) => ({ index, left }))), met };
}

interface Live {
  readonly index: number;
  /** What is not yet known to be satisfied. */
  readonly left: readonly Constraint[];
}

function remaining(live: readonly Live[], subject: string, value: Value): Live[] {
  return live.flatMap((cover) => {
    const { index, left } = cover;
    if (!left.some((constraint) => constraint.subject === subject)) return cover;
    const fits = left.every((constraint) => constraint.subject !== subject || satisfies(value, constraint));
    return fits ? { index, left: left.filter((constraint) => constraint.subject !== subject) } : [];
  });
}
