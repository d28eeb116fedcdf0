/** Collectors as they are written. @module */

import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";

/** A collector that is reached by OTLP over HTTP. */
export interface OtlpConfig {
  /**
   * Its URL. Without a path it gets the usual one of what is sent, `/v1/traces` or `/v1/metrics`; with a path it is taken
   * as it is: `"https://collector.example/otlp/v1/traces"`. OTLP over gRPC, mostly on port 4317, is not spoken.
   */
  readonly otlp: string;
  /**
   * What messages are made of. `"http/protobuf"` takes half the bytes, and more memory here.
   *
   * @default "http/json"
   */
  readonly protocol?: "http/json" | "http/protobuf";
  /** Fields of each message, such as an `authorization`, whose whole value is then a secret. */
  readonly headers?: { readonly [name: string]: string | Secret };
  /**
   * `"gzip"`: about a tenth of the bytes, for some CPU.
   *
   * @default "none"
   */
  readonly compression?: "gzip" | "none";
  /**
   * How long the collector has to take a message; then it is lost.
   *
   * @default "10s"
   */
  readonly timeout?: Duration;
}
