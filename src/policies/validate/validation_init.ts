/** What is checked of one request and its answer, before it is compiled. @module */

import type { Draft, JsonSchema } from "./json_schema.ts";
import type { ParameterGroupInit } from "./parameter_group.ts";

/** One type of content. */
export interface MediaInit {
  /** A media range (`application/json`, `text/*`, any), or `"json"` for whatever is JSON. */
  readonly range: string;
  /** What it must be where it is JSON; `null` where it is not looked into. */
  readonly schema: JsonSchema | null;
}

/** What a body must be. */
export interface BodyInit {
  /** `"by-method"`: of methods whose requests have content, as POST's do. */
  readonly required: boolean | "by-method";
  readonly media: readonly MediaInit[];
}

/** What the answers with some status must be. */
export interface ResponseInit {
  /** `"200"`, `"2XX"` or `"default"`. */
  readonly status: string;
  readonly media: readonly MediaInit[];
}

/** Both ways to write what is valid, schemas and OpenAPI, come to this. */
export interface ValidationInit {
  readonly draft: Draft;
  /** Whether formats that are not known say nothing. */
  readonly anyFormat: boolean;
  readonly groups: readonly ParameterGroupInit[];
  /** `null`: it passes unread. */
  readonly body: BodyInit | null;
  readonly responses: readonly ResponseInit[];
}
