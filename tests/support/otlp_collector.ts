/** A collector of traces: OTLP over HTTP, in JSON. @module */

import { gunzipSync } from "node:zlib";
import type { TreeSpan } from "../../src/telemetry/traces/trace_tree.ts";

/** A span that has arrived. */
export interface CollectedSpan extends TreeSpan {
  readonly traceId: string;
  readonly kind: "internal" | "server" | "client";
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** `service.name` of who sent it. */
  readonly service: unknown;
}

type OtlpValue = Readonly<Record<string, unknown>>;
type OtlpAttributes = readonly { readonly key: string; readonly value: OtlpValue }[];

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: OtlpAttributes;
  readonly events?: readonly { readonly name: string; readonly attributes?: OtlpAttributes }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}

interface OtlpExport {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpAttributes };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** By the numbers of OTLP. */
const KINDS = ["internal", "internal", "server", "client"] as const, ERROR = 2;

/** Takes all spans that are sent to it. */
export class OtlpCollector implements AsyncDisposable {
  readonly spans: CollectedSpan[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      const bytes = new Uint8Array(await request.arrayBuffer());
      const plain = request.headers.get("content-encoding") === "gzip" ? gunzipSync(bytes) : bytes;
      this.#take(JSON.parse(new TextDecoder().decode(plain)));
      return Response.json({});
    });
  }

  /** Where traces are sent to. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/v1/traces`;
  }

  #take({ resourceSpans }: OtlpExport): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = valuesOf(resource.attributes)["service.name"];
      for (const { spans } of scopeSpans) this.spans.push(...spans.map((span) => collected(span, service)));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

function collected(span: OtlpSpan, service: unknown): CollectedSpan {
  const { name, traceId, spanId, parentSpanId = "", kind, events = [], links = [], status } = span;
  const attributes = valuesOf(span.attributes);
  return {
    ...{ name, traceId, spanId, links, attributes, service },
    parentId: parentSpanId,
    kind: KINDS[kind],
    startedAt: milliseconds(span.startTimeUnixNano),
    endedAt: milliseconds(span.endTimeUnixNano),
    events: events.map(({ name, attributes }) => ({ name, attributes: valuesOf(attributes) })),
    error: status?.code === ERROR ? String(attributes["error.type"]) : "",
  };
}

/** `{ intValue: 1 }` and the like, without what says of which type they are. */
function valuesOf(attributes: OtlpAttributes = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000n) / 1_000;
}
