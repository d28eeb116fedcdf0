/** Made-up requests. @module */

/** A number from 0 to 1, the same sequence each time: mulberry32. */
export function seeded(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

export interface TraceOptions {
  readonly requests: number;
  /** How many objects are asked for again and again. */
  readonly objects: number;
  /** Zipf's exponent. */
  readonly exponent: number;
  /** Share of the requests that walk through objects of which each is asked for once. */
  readonly scans: number;
  readonly scanLength: number;
  /** Every so many requests, the most popular change places with others: share of objects swapped at each. */
  readonly drift: number;
  readonly seed: number;
}

/** Numbers of objects, in the order in which they are asked for. */
export function trace(options: TraceOptions): Uint32Array {
  const { requests, objects, exponent, scans, scanLength, drift } = options;
  const random = seeded(options.seed);
  const sums = new Float64Array(objects);
  let sum = 0;
  for (let i = 0; i < objects; i++) sums[i] = sum += 1 / (i + 1) ** exponent;
  const ranked = Uint32Array.from({ length: objects }, (_, i) => i);
  const asked = new Uint32Array(requests);
  let fresh = objects, scanning = 0;
  for (let i = 0; i < requests; i++) {
    if (drift > 0 && i % 1000 === 0) {
      for (let n = Math.ceil(drift * objects); n > 0; n--) {
        // By rank as requests are, so that popular ones change too.
        const a = rank(sums, random() * sum), b = Math.floor(random() * objects);
        [ranked[a], ranked[b]] = [ranked[b], ranked[a]];
      }
    }
    if (scanning === 0 && scans > 0 && random() < scans / (1 - scans) / scanLength) scanning = scanLength;
    if (scanning > 0) {
      scanning--;
      asked[i] = fresh++;
    } else asked[i] = ranked[rank(sums, random() * sum)];
  }
  return asked;
}

function rank(sums: Float64Array, at: number): number {
  let low = 0, high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bytes of an object, the same each time: log-normal, median 6 KB, up to 4 MiB. */
export function sizeOf(object: number): number {
  const random = seeded(Math.imul(object, 0x9e3779b1));
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(4 << 20, Math.ceil(6000 * Math.exp(1.5 * normal)));
}
