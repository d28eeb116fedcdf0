/** Letting the event loop turn. @module */

/** One turn of the event loop: what the kernel has for a socket is told, and every reaction to it has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
