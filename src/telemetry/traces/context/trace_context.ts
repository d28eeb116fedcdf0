/** What a request says of the trace that it belongs to. @module */

/** The caller may have recorded the trace (W3C Trace Context, bit 0 of trace-flags). */
export const SAMPLED = 0x01;
/** The last 7 bytes of the trace's id are random (W3C Trace Context level 2, bit 1 of trace-flags). */
export const RANDOM = 0x02;
/** Whoever began the trace asks everybody to record it (B3). No bit of trace-flags, which have eight. */
export const DEBUG = 0x100;

/** Read from the fields of a request. Every text in it can stand in a head as it is. */
export interface TraceContext {
  /** 32 hexadecimal digits in lower case, not all zero; empty where no trace is named. */
  readonly traceId: string;
  /** The caller's span: 16 hexadecimal digits in lower case, not all zero; empty where no trace is named. */
  readonly spanId: string;
  /** Whether the caller records the trace; `null` where it leaves that to others. */
  readonly sampled: boolean | null;
  /**
   * {@link SAMPLED}, {@link RANDOM} and {@link DEBUG}, and no other bit. Where no trace is named, they are for the one that
   * begins here.
   */
  readonly flags: number;
  /** `tracestate`, to go on as it is; empty where there is none, or none that is valid. */
  readonly state: string;
  /** `baggage`, to go on as it is; empty where there is none, or none that is valid. */
  readonly baggage: string;
}

/** A caller that names no trace. */
export const NO_TRACE: TraceContext = Object.freeze({
  traceId: "",
  spanId: "",
  sampled: null,
  flags: RANDOM,
  state: "",
  baggage: "",
});

/** For a trace that begins here on this caller's behalf: its baggage goes on all the same. */
export function withoutTrace({ baggage }: TraceContext): TraceContext {
  return baggage === "" ? NO_TRACE : { ...NO_TRACE, baggage };
}

/**
 * The flags to tell others.
 * @param received {@link TraceContext.flags}
 * @param sampled what has been decided
 */
export function flagsToSend(received: number, sampled: boolean): number {
  return sampled ? received | SAMPLED : received & RANDOM;
}
