/** The request that is sent behind each input: where a server finds it, there it takes the input to end. @module */

const PREFIX = "/sentinel/";

/**
 * The request itself. It is the last on its connection.
 *
 * @param tag makes it unlike that of every other connection, so that nobody's request can pass for another's
 */
export function sentinel(tag: number): string {
  return `GET ${PREFIX}${tag} HTTP/1.1\r\nHost: sentinel.example\r\nConnection: close\r\n\r\n`;
}

/** Whether a target is that of a sentinel. */
export function isSentinel(target: string): boolean {
  return target.startsWith(PREFIX);
}
