/** A little of everything for the routes of `gateway.config.ts`, for as long as it runs. The argument is where they are. */

const [gateway] = Deno.args;
/** Requests a second, by path. */
const RATES: Readonly<Record<string, number>> = {
  "/fast/a": 20,
  "/slow/a": 2,
  "/cached/a": 10,
  "/cached/b": 1,
  "/faulty/a": 8,
  "/limited": 4,
  "/nowhere": 1,
};

for (const [path, rate] of Object.entries(RATES)) {
  setInterval(async () => {
    try {
      await (await fetch(gateway + path)).body?.cancel();
    } catch (error) {
      console.error(path, error instanceof Error ? error.message : error);
    }
  }, 1000 / rate);
}
