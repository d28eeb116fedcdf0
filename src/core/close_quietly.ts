/** Closing what may be closed already. @module */

/** Closes; where the peer, a time-out or a failure was faster, that is as well. */
export function closeQuietly(closer: { close(): void }): void {
  try {
    closer.close();
  } catch { /* it was closed already */ }
}
