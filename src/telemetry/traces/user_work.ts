/** What users wrote, as the API of OpenTelemetry sees it. @module */

import { type Context, context, ROOT_CONTEXT, type Tracer, type TracerProvider } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";

/** Calls `work`: in it, and in what it waits for, `within` is the active context. */
export function runWithin<T>(within: Context, work: () => T): T {
  return context.with(within, work);
}

/** Calls `work` with no span active. */
export function leaveSpan<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}

/**
 * Functions that users wrote, on the way of requests that nobody records. To have a context active costs each of them
 * microseconds, and most functions never look: so there is one from when somebody has looked for the first time.
 */
export class UserWork {
  /** Whether somebody uses the API. */
  looked = false;
  /** Such functions under way, as far as they have not waited. */
  #inside = 0;

  /** Whether one of them is being called at this moment, without a context. */
  get inside(): boolean {
    return this.#inside > 0;
  }

  /** Calls `work`, which is told of `within` if anybody ever looks. */
  run<T>(within: () => Context, work: () => T): T {
    if (this.looked) return runWithin(within(), work);
    this.#inside++;
    try {
      return work();
    } finally {
      this.#inside--;
    }
  }

  /** Calls the gateway's own work. */
  leave<T>(work: () => T): T {
    if (this.looked) return leaveSpan(work);
    const inside = this.#inside;
    this.#inside = 0;
    try {
      return work();
    } finally {
      this.#inside = inside;
    }
  }
}

/** Keeps contexts, and sees who looks. */
export class WatchedContexts extends AsyncLocalStorageContextManager {
  readonly #users: UserWork;

  constructor(users: UserWork) {
    super();
    this.#users = users;
  }

  override active(): Context {
    const active = super.active();
    if (active !== ROOT_CONTEXT || this.#users.inside) this.#users.looked = true;
    return active;
  }
}

/** Gives tracers, and sees who asks. */
export class WatchedTracers implements TracerProvider {
  readonly #tracers: TracerProvider;
  readonly #users: UserWork;

  constructor(tracers: TracerProvider, users: UserWork) {
    this.#tracers = tracers;
    this.#users = users;
  }

  getTracer(...of: Parameters<TracerProvider["getTracer"]>): Tracer {
    this.#users.looked = true;
    return this.#tracers.getTracer(...of);
  }
}
