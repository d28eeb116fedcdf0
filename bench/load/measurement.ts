/**
 * The figures of one measurement.
 *
 * @module
 */

/** What one proxy needed in one shape and one round. */
export interface Measurement {
  /** CPU time per request of the proxy's whole process tree, in microseconds; user and system make up the total. */
  readonly cpuMicros: number;
  readonly userMicros: number;
  readonly systemMicros: number;
  readonly requestsPerSecond: number;
  /** Latency in microseconds, under full load. */
  readonly p50: number;
  readonly p99: number;
  /** Resident memory of the process tree at the end of the load, in bytes. */
  readonly residentBytes: number;
  /** The part of its core that the proxy used, from 0 to 1. Below about 0.9 something else was the limit. */
  readonly busy: number;
  /** The part of the proxy's core that was used by others or taken by the hypervisor: above some 0.05, do not trust. */
  readonly disturbed: number;
  readonly requests: number;
  /** Threads that ended under load; their last CPU time is not counted. */
  readonly lostThreads: number;
}
