/** PROXY protocol headers as a proxy sends them (HAProxy's `proxy-protocol.txt`). @module */

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const LOCAL = 0x20, PROXY = 0x21, TCP_IPV4 = 0x11, NOOP = 0x04;

/**
 * A header of version 2 for a client over IPv4; `null`: the proxy speaks for itself.
 * @param extra bytes behind the addresses: one TLV that means nothing
 */
export function proxyV2(client: string | null, extra = 0): Uint8Array<ArrayBuffer> {
  if (client === null) return new Uint8Array([...SIGNATURE, LOCAL, 0, 0, 0]);
  const addresses = [...client.split(".").map(Number), 198, 51, 100, 2, 0x03, 0xe8, 0, 80];
  const tlv = extra === 0 ? [] : [NOOP, (extra - 3) >> 8, (extra - 3) & 0xff, ...new Array<number>(extra - 3).fill(0)];
  const size = addresses.length + tlv.length;
  return new Uint8Array([...SIGNATURE, PROXY, TCP_IPV4, size >> 8, size & 0xff, ...addresses, ...tlv]);
}
