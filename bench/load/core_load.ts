/**
 * How busy one core is, whoever keeps it busy.
 *
 * @module
 */

/** The kernel counts a core's time in ticks of 10 ms (USER_HZ, fixed at 100 in what `/proc` shows). */
const MICROS_PER_TICK = 10_000;

/**
 * Microseconds that `core` has not been idle so far: user, nice, system, interrupts, and time that the hypervisor took
 * away.
 *
 * @throws {Error} when there is no such core
 */
export async function busyMicros(core: number): Promise<number> {
  const line = new RegExp(`^cpu${core} (.*)$`, "m").exec(await Deno.readTextFile("/proc/stat"));
  if (line === null) throw new Error(`core ${core} is not in /proc/stat`);
  const [user = 0, nice = 0, system = 0, _idle, _iowait, irq = 0, softirq = 0, steal = 0] = line[1]!.split(" ").map(
    Number,
  );
  return (user + nice + system + irq + softirq + steal) * MICROS_PER_TICK;
}
