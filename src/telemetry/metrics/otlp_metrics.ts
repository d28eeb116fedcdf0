/** Metrics as OpenTelemetry's exporters take them. @module */

import { type HrTime, ValueType } from "@opentelemetry/api";
import { AggregationTemporality, type DataPoint, DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import type { Family } from "./family.ts";
import { countOf, type Histogram } from "./histogram.ts";
import type { Point, Scraped } from "./scrape.ts";

/** The time that the numbers are of. */
export interface Period {
  /** Milliseconds since 1970 when counting began. */
  readonly from: number;
  readonly to: number;
}

/** Units by the codes of UCUM, which OpenTelemetry uses. */
const UNITS = { seconds: "s", bytes: "By", ratio: "1" } as const;

/**
 * All metrics under the names that they are scraped by: a dashboard finds them whichever way they came. Numbers are totals
 * since the start (cumulative); what is no number is left out, as JSON has none for it.
 */
export function otlpMetrics(scraped: readonly Scraped[], { from, to }: Period): MetricData[] {
  const times = { startTime: hrTime(from), endTime: hrTime(to) };
  return scraped.map(({ family, points }) => {
    const metric = {
      descriptor: {
        name: family.name,
        description: family.help,
        unit: family.unit === undefined ? "" : UNITS[family.unit],
        valueType: ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    if (family.type === "histogram") {
      const dataPoints = points.map((point) => ({
        ...times,
        attributes: attributes(family, point),
        value: histogramData(point.value as Histogram),
      }));
      return { ...metric, dataPointType: DataPointType.HISTOGRAM, dataPoints };
    }
    const dataPoints = points.filter(({ value }) => Number.isFinite(value)).map((point): DataPoint<number> => ({
      ...times,
      attributes: attributes(family, point),
      value: point.value as number,
    }));
    return family.type === "counter"
      ? { ...metric, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
      : { ...metric, dataPointType: DataPointType.GAUGE, dataPoints };
  });
}

function attributes({ labels }: Family, point: Point): Record<string, string> {
  return Object.fromEntries(labels.map((label, i) => [label, point.labels[i]]));
}

function histogramData(histogram: Histogram) {
  const { bounds, counts, sum } = histogram;
  return { buckets: { boundaries: [...bounds], counts: [...counts] }, sum, count: countOf(histogram) };
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
