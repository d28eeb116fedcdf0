/** The gateway's own log: what an operator should know, apart from the access log. @module */

/** How much an entry matters. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Writes one entry; `fields` are printed as they are, so no secret belongs in them. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** The log of one part of the gateway, whose entries tell of it and have a level of their own: `upstreams`, `policies.cache`. */
  in(category: string): Log;
}

/** A log that hands every entry to one function, whatever part it is of. */
export function logTo(write: (level: LogLevel, message: string, fields?: Record<string, unknown>) => void): Log {
  const log: Log = {
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
    in: () => log,
  };
  return log;
}

/** Drops everything. */
export const silentLog: Log = logTo(() => {});
