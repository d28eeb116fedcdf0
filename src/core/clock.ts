/** Time as the gateway sees it. @module */

/** Stops what was scheduled. Calling it twice is harmless. */
export type Cancel = () => void;

/** The one source of time: the system's in production, turned by hand in tests. */
export interface Clock {
  /** Milliseconds that never go back, from an arbitrary start. For durations and deadlines. */
  now(): number;
  /** Milliseconds since 1970. For dates that people and peers read. */
  wall(): number;
  /** Calls `run` once after `ms`. */
  after(ms: number, run: () => void): Cancel;
  /** Calls `run` each `ms` until cancelled. It does not keep the process alive. */
  every(ms: number, run: () => void): Cancel;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, run) {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
  every(ms, run) {
    const id = setInterval(run, ms);
    Deno.unrefTimer(id);
    return () => clearInterval(id);
  },
};
