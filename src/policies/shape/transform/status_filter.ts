/** Which answers are changed, by their status. @module */

/** A status, or all that begin with this digit. */
export type StatusText = number | "2xx" | "3xx" | "4xx" | "5xx";

/** Makes a function that tells whether a status is one of these. */
export function statusFilter(statuses: readonly StatusText[]): (status: number) => boolean {
  const single = new Set<number>(), classes = new Set<number>();
  for (const status of statuses) {
    if (typeof status === "number") single.add(status);
    else classes.add(Number(status[0]));
  }
  return (status) => single.has(status) || classes.has(Math.floor(status / 100));
}
