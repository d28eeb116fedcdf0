/** What metrics there are: name, help, type and labels of each. @module */

/** `info`: facts as labels, its value is always 1. */
export type MetricType = "counter" | "gauge" | "histogram" | "info";

/** Base units, as names of metrics end in them. */
export type MetricUnit = "seconds" | "bytes" | "ratio";

/** All metrics of one name. Each of its points has one value for each label. */
export interface Family<Labels extends readonly string[] = readonly string[]> {
  /** As it is scraped: counters end in `_total`, infos in `_info`, and what has a unit ends in it before that. */
  readonly name: string;
  readonly type: MetricType;
  /** One sentence, for who sees nothing but this and the name. */
  readonly help: string;
  readonly unit?: MetricUnit;
  /** Names of its labels, in the order in which they are printed. */
  readonly labels: Labels;
}

/** One value for each label of a family. */
export type LabelValues<Labels extends readonly string[]> = { readonly [K in keyof Labels]: string };

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/, NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** Suffixes that histograms and counters give to what they print. */
const RESERVED = /_(?:total|sum|count|bucket|created|info)$/;

/**
 * A family, checked: names that a scraper would refuse, or read as something else, are mistakes of ours.
 *
 * @example
 * ```ts ignore
 * const QUEUED = family({
 *   name: "gatewright_upstream_queued",
 *   type: "gauge",
 *   help: "Requests that wait for a connection.",
 *   labels: ["upstream"],
 * });
 * registry.collect((out) => {
 *   for (const { id, queued } of gateway.upstreams()) out.add(QUEUED, queued, id);
 * });
 * ```
 *
 * @throws TypeError that says what is wrong
 */
export function family<const Labels extends readonly string[]>(init: Family<Labels>): Family<Labels> {
  const wrong = mistake(init);
  if (wrong !== null) throw new TypeError(`metric ${init.name}: ${wrong}`);
  return Object.freeze({ ...init, labels: Object.freeze([...init.labels]) as unknown as Labels });
}

/** What OpenMetrics calls the family: the name without what its type adds to it. */
export function baseName({ name, type }: Family): string {
  if (type === "counter") return name.slice(0, -"_total".length);
  return type === "info" ? name.slice(0, -"_info".length) : name;
}

function mistake(family: Family): string | null {
  const { name, type, help, unit, labels } = family;
  if (!NAME.test(name)) return "its name has other characters than letters, digits, _ and :";
  if (type === "counter" && !name.endsWith("_total")) return "the name of a counter ends in _total";
  if (type === "info" && !name.endsWith("_info")) return "the name of an info ends in _info";
  if (RESERVED.test(baseName(family))) return "its name ends in what another type adds to names";
  if (unit !== undefined && !baseName(family).endsWith(`_${unit}`)) return `its name does not say its unit, ${unit}`;
  if (help.trim() !== help || help === "") return "it needs help, one line of it";
  if (new Set(labels).size !== labels.length) return "a label stands twice";
  for (const label of labels) {
    if (!LABEL.test(label) || label.startsWith("__")) return `${label} is no name for a label`;
    if (type === "histogram" && label === "le") return "le is the label of its buckets";
  }
  return null;
}
