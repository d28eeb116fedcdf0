/** Begins spans. @module */

import { type Context, SpanKind, type Tracer } from "@opentelemetry/api";
import type { SpanInit } from "../../core/trace.ts";
import { linkTo, RecordedSpan } from "./recorded_span.ts";
import type { SpanTime } from "./span_time.ts";

/** Begins spans of one tracer, on the gateway's clock. */
export class SpanMaker {
  readonly time: SpanTime;
  readonly #tracer: Tracer;

  constructor(tracer: Tracer, time: SpanTime) {
    this.#tracer = tracer;
    this.time = time;
  }

  /** For a request that begins now: this one, or another one where the date was set meanwhile. */
  fresh(): SpanMaker {
    const time = this.time.fresh();
    return time === this.time ? this : new SpanMaker(this.#tracer, time);
  }

  /** @param around the context that it is begun in: its parent, if there is one, and what was decided about the trace */
  begin({ name, kind, attributes, startedAt, links }: SpanInit, around: Context): RecordedSpan {
    return this.#begin(
      name,
      kind === "client" ? SpanKind.CLIENT : SpanKind.INTERNAL,
      around,
      startedAt,
      attributes,
      links,
    );
  }

  /** Begins the span of a request that came from outside. */
  beginServer(name: string, startedAt: number, around: Context): RecordedSpan {
    return this.#begin(name, SpanKind.SERVER, around, startedAt);
  }

  #begin(
    name: string,
    kind: SpanKind,
    around: Context,
    startedAt: number | undefined,
    attributes?: SpanInit["attributes"],
    links?: SpanInit["links"],
  ): RecordedSpan {
    const init = { kind, attributes, links: links?.map(linkTo), startTime: this.time.of(startedAt) };
    return new RecordedSpan(this.#tracer.startSpan(name, init, around), around, this.time);
  }
}
