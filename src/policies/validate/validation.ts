/** Everything that one policy checks, compiled. @module */

// The schema compiler is large: it is loaded where a config validates something.
import defer * as compileCheck from "./compile_check.ts";
import { SchemaFault } from "./json_schema.ts";
import { MediaRules } from "./media_rules.ts";
import { ParameterGroup } from "./parameter_group.ts";
import type { ValidationInit } from "./validation_init.ts";

/** Methods whose requests may have content, but say nothing by it (RFC 9110 §9.3). */
const WITHOUT_CONTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);

/** What a request's body must be. */
export interface BodyRules {
  isRequired(method: string): boolean;
  readonly media: MediaRules;
}

/** A request's parts and its answers, each with its rules. */
export class Validation {
  readonly groups: readonly ParameterGroup[];
  /** `null`: it passes unread. */
  readonly body: BodyRules | null;
  readonly #responses: ReadonlyMap<string, MediaRules>;

  /** @throws SchemaFault, placed by the part that it is in */
  constructor({ draft, anyFormat, groups, body, responses }: ValidationInit) {
    const compiler = new compileCheck.CheckCompiler(draft, anyFormat);
    this.groups = groups.map((init) => placed(init.part, () => new ParameterGroup(init, compiler)));
    this.body = body === null ? null : {
      isRequired: (method) => body.required === "by-method" ? !WITHOUT_CONTENT.has(method) : body.required,
      media: new MediaRules(body.media, compiler, ["body"]),
    };
    this.#responses = new Map(
      responses.map(({ status, media }) => [status, new MediaRules(media, compiler, ["response", "body"])]),
    );
  }

  /** Whether it says anything about answers. */
  get hasResponses(): boolean {
    return this.#responses.size > 0;
  }

  /** The rules for answers with this status. */
  responses(status: number): MediaRules | undefined {
    return this.#responses.get(String(status)) ?? this.#responses.get(`${Math.floor(status / 100)}XX`) ??
      this.#responses.get("default");
  }
}

function placed<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof SchemaFault ? error.within(place) : error;
  }
}
