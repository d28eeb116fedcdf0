/** OpenTelemetry's tracer, with the gateway's ids and decisions. @module */

import {
  type Context,
  createContextKey,
  ROOT_CONTEXT,
  SamplingDecision,
  type SamplingResult,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  type IdGenerator,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { ResourcePlan } from "../telemetry_plan.ts";
import type { Propagation } from "./propagation.ts";
import { MAX_TEXT } from "./recorded_span.ts";
import { Share } from "./sampling.ts";
import type { SpanGroup } from "./span_group.ts";
import type { SpanSink } from "./span_sink.ts";
import type { UserWork } from "./user_work.ts";

const DECISION = createContextKey("gatewright decision"), GROUP = createContextKey("gatewright group");

/** Contexts for what is recorded, by whether others are told to record it too. */
const RECORDED = {
  sampled: ROOT_CONTEXT.setValue(DECISION, SamplingDecision.RECORD_AND_SAMPLED),
  unsampled: ROOT_CONTEXT.setValue(DECISION, SamplingDecision.RECORD),
};

/** A context for what is recorded. @param group where its spans wait */
export function recordedContext(sampled: boolean, group: SpanGroup | null): Context {
  const base = sampled ? RECORDED.sampled : RECORDED.unsampled;
  return group === null ? base : base.setValue(GROUP, group);
}

/** Ids as the gateway makes them: that of a trace may be known before its first span is. */
export class GatewayIds implements IdGenerator {
  /** The id of the next trace. */
  next: string | null = null;
  readonly #propagation: Propagation;

  constructor(propagation: Propagation) {
    this.#propagation = propagation;
  }

  generateTraceId(): string {
    const id = this.next ?? this.#propagation.newTraceId();
    this.next = null;
    return id;
  }

  generateSpanId(): string {
    return this.#propagation.newSpanId();
  }
}

/** What is decided at a request's head holds for all of it; what users begin outside of requests goes by the share. */
class DecidedSampler implements Sampler {
  readonly #share: Share;
  readonly #users: UserWork;

  constructor(share: number, users: UserWork) {
    this.#share = new Share(share);
    this.#users = users;
  }

  shouldSample(context: Context, traceId: string): SamplingResult {
    const decision = context.getValue(DECISION) as SamplingDecision | undefined;
    if (decision !== undefined) return { decision };
    const parent = trace.getSpanContext(context);
    const sampled = parent === undefined
      ? !this.#users.inside && this.#share.has(traceId)
      : (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    return { decision: sampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  }

  toString(): string {
    return "gatewright";
  }
}

/** Takes spans that are over to their group, or where they go. */
class GroupingProcessor implements SpanProcessor {
  readonly #sink: SpanSink;
  readonly #groups = new WeakMap<object, SpanGroup>();

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  onStart(span: object, context: Context): void {
    const group = context.getValue(GROUP) as SpanGroup | undefined;
    if (group === undefined) return;
    this.#groups.set(span, group);
    group.began();
  }

  onEnd(span: ReadableSpan): void {
    const group = this.#groups.get(span);
    if (group === undefined) this.#sink.take([span]);
    else group.ended(span);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** What a provider of tracers is made of. */
export interface ProviderInit {
  readonly resource: ResourcePlan;
  /** Of the traces that begin outside of requests. */
  readonly share: number;
  readonly ids: GatewayIds;
  readonly sink: SpanSink;
  /** Whose functions may be on the way of a request that is not recorded. */
  readonly users: UserWork;
}

/** A provider of tracers, for the gateway and for what users wrote. */
export function spanProvider({ resource, share, ids, sink, users }: ProviderInit): BasicTracerProvider {
  const { service, attributes } = resource;
  return new BasicTracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ "service.name": service, ...attributes })),
    sampler: new DecidedSampler(share, users),
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: MAX_TEXT },
    spanProcessors: [new GroupingProcessor(sink)],
  });
}
