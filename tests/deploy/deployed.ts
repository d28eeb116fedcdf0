/** The files of `deploy/` as data. @module */

import { parse } from "yaml";
import { source } from "../gate/tree.ts";

/** One panel of a dashboard; rows are panels too. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

/** One query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
}

/** What a dashboard lets one choose. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly allValue?: string;
}

/** The part of Grafana's model that is looked at. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
}

/** One rule of Prometheus: what it records, or when it alerts. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const DASHBOARD: Dashboard = JSON.parse(source("deploy/grafana/dashboards/gatewright.json").text);

/** Panels that show something. */
export const PANELS: readonly Panel[] = DASHBOARD.panels.filter(({ type }) => type !== "row");

/** Every rule, in the order in which they stand. */
export const RULES: readonly Rule[] = deployed<{ groups: { rules: Rule[] }[] }>("prometheus/alerts.yml")
  .groups.flatMap(({ rules }) => rules);

/** A YAML file below `deploy/`. */
export function deployed<T>(path: string): T {
  return parse(source(`deploy/${path}`).text, { merge: true });
}

/** Names of metrics in an expression of PromQL: what is neither a function, a keyword, a label nor text. */
export function metricsOf(expression: string): string[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ")
    .replace(/\{[^}]*\}/g, " ")
    .replace(/\[[^\]]*\]/g, " ");
  const names = [...bare.matchAll(/(?<![\w.$:])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !KEYWORDS.has(name)))];
}

/** Words of PromQL that stand without a parenthesis behind them. */
const KEYWORDS = new Set([
  ..."and or unless by without on ignoring group_left group_right offset bool inf nan".split(" "),
  // Aggregations whose `by` stood between them and their parenthesis.
  ..."sum min max avg count topk bottomk quantile stddev group".split(" "),
]);
