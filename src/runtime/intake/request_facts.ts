/** What the reading of requests depends on, whatever the engine. @module */

import type { Clock } from "../../core/clock.ts";
import type { PathOptions } from "../../http/canonical_path.ts";
import type { ClientAddresses } from "../../http/client_address.ts";
import type { RequestIds } from "../../http/request_id.ts";
import type { Methods } from "./method.ts";

/** The gateway's part in making an exchange of a request. */
export interface RequestFacts {
  readonly paths: PathOptions;
  readonly clients: ClientAddresses;
  readonly requestIds: RequestIds;
  /** In lower case. */
  readonly requestIdField: string;
  readonly methods: Methods;
  readonly clock: Clock;
}

/** What a listener of our own allows a request to be. */
export interface ReaderLimits {
  readonly headerBytes: number;
  readonly headerCount: number;
  readonly target: number;
  readonly body: number;
}
