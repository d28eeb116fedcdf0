/** Which part of a cluster a key is in. @module */

/** Slots that a cluster's keys are divided in. */
export const SLOTS = 16384;

/** CRC16 (XMODEM) of what stands in the key's first braces, or of all of it (Redis cluster specification, "Hash tags"). */
export function slotOf(key: string): number {
  const open = key.indexOf("{"), close = key.indexOf("}", open + 1);
  const tag = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of new TextEncoder().encode(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc % SLOTS;
}
