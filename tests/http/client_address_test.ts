import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { HeaderList } from "../../src/core/header_list.ts";
import { CidrSet, isCidrError } from "../../src/http/cidr.ts";
import { ClientAddresses } from "../../src/http/client_address.ts";

function trusting(...texts: string[]): ClientAddresses {
  const set = CidrSet.parse(texts);
  assert.ok(!isCidrError(set));
  return new ClientAddresses(set);
}

const behind = trusting("10.0.0.0/8", "fd00::/8", "::1");

function clientOf(peer: string, ...fields: string[]): string {
  return behind.ofRequest(behind.ofPeer(peer), HeaderList.of(...fields)).ip;
}

Deno.test("ClientAddresses.ofPeer() normalises the peer and says whether it is trusted", () => {
  assert.deepEqual(behind.ofPeer("::ffff:10.0.0.1"), { ip: "10.0.0.1", peer: "10.0.0.1", trusted: true });
  assert.deepEqual(behind.ofPeer("[::1]"), { ip: "::1", peer: "::1", trusted: true });
  assert.deepEqual(behind.ofPeer("8.8.8.8"), { ip: "8.8.8.8", peer: "8.8.8.8", trusted: false });
  assert.deepEqual(behind.ofPeer("/run/gw.sock"), { ip: "/run/gw.sock", peer: "/run/gw.sock", trusted: false });
});

Deno.test("ClientAddresses.ofRequest() reads no field of an untrusted peer and makes nothing new for it", () => {
  const peer = behind.ofPeer("8.8.8.8");
  const fields = {
    get(): string | null {
      throw new Error("a field was read");
    },
  };
  assert.equal(behind.ofRequest(peer, fields), peer);
  const nobody = new ClientAddresses(CidrSet.EMPTY);
  const local = nobody.ofPeer("127.0.0.1");
  assert.equal(nobody.ofRequest(local, fields), local);
});

const CHAINS: readonly (readonly [string, string])[] = [
  ["1.1.1.1", "1.1.1.1"],
  // A client that invents entries does not move its own address.
  ["6.6.6.6, 1.1.1.1", "1.1.1.1"],
  ["10.0.0.9, 1.1.1.1", "1.1.1.1"],
  ["6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"],
  ["1.1.1.1,10.0.0.2 ,fd00::3,\t::1", "1.1.1.1"],
  ["10.0.0.3, 10.0.0.2", "10.0.0.3"],
  ["1.1.1.1:4711", "1.1.1.1"],
  ["[2001:DB8::1]:4711", "2001:db8::1"],
  ["2001:db8::1", "2001:db8::1"],
  ["::ffff:1.1.1.1, ::ffff:10.0.0.2", "1.1.1.1"],
  ["1.1.1.1, unknown", "10.0.0.1"],
  ["1.1.1.1, garbage, 10.0.0.2", "10.0.0.2"],
  ["1.1.1.1, 10.0.0.300", "10.0.0.1"],
  ["garbage, 1.1.1.1", "1.1.1.1"],
  ["1.1.1.1, , ,", "1.1.1.1"],
  [",1.1.1.1", "1.1.1.1"],
  [",", "10.0.0.1"],
  ["", "10.0.0.1"],
];

Deno.test("ClientAddresses.ofRequest() walks X-Forwarded-For from the right over trusted proxies", () => {
  for (const [chain, ip] of CHAINS) assert.equal(clientOf("10.0.0.1", "x-forwarded-for", chain), ip, chain);
});

Deno.test("ClientAddresses.ofRequest() walks several X-Forwarded-For lines as one list", () => {
  assert.equal(clientOf("10.0.0.1", "x-forwarded-for", "6.6.6.6, 1.1.1.1", "x-forwarded-for", "10.0.0.2"), "1.1.1.1");
});

const FORWARDED: readonly (readonly [string, string])[] = [
  ["for=1.1.1.1", "1.1.1.1"],
  ["for=6.6.6.6, for=1.1.1.1;proto=https, For=10.0.0.2", "1.1.1.1"],
  ['for="[2001:db8::1]:80", for="10.0.0.2:80"', "2001:db8::1"],
  ["for=1.1.1.1, for=unknown", "10.0.0.1"],
  ["for=1.1.1.1, for=_secret, for=10.0.0.2", "10.0.0.2"],
  ["for=1.1.1.1, proto=https", "10.0.0.1"],
  ['for="6.6.6.6, for=1.1.1.1', "1.1.1.1"],
  ['for=x;a=", for=1.1.1.1, for="10.0.0.2:1"', "1.1.1.1"],
  ["for=1.1.1.1, for", "10.0.0.1"],
];

Deno.test("ClientAddresses.ofRequest() walks Forwarded where X-Forwarded-For is absent", () => {
  for (const [value, ip] of FORWARDED) assert.equal(clientOf("10.0.0.1", "forwarded", value), ip, value);
  assert.equal(clientOf("10.0.0.1", "forwarded", "for=6.6.6.6", "x-forwarded-for", "1.1.1.1"), "1.1.1.1");
  assert.equal(clientOf("10.0.0.1"), "10.0.0.1");
});

Deno.test("ClientAddresses.ofRequest() keeps peer and trust", () => {
  const peer = behind.ofPeer("10.0.0.1");
  const client = behind.ofRequest(peer, HeaderList.of("x-forwarded-for", "1.1.1.1"));
  assert.deepEqual(client, { ip: "1.1.1.1", peer: "10.0.0.1", trusted: true });
  assert.equal(behind.ofRequest(peer, HeaderList.of("x-forwarded-for", "unknown")), peer);
});

Deno.test("ClientAddresses.ofRequest() is not moved by anything a client sends", () => {
  const invented = fc.array(
    fc.constantFrom("6.6.6.6", "10.0.0.7", "::1", "unknown", '"', "", "for=1.2.3.4", ";", " "),
    {
      maxLength: 6,
    },
  ).map((entries) => entries.join(","));
  fc.assert(fc.property(invented, (sent) => {
    assert.equal(clientOf("10.0.0.1", "x-forwarded-for", `${sent}, 1.1.1.1, 10.0.0.2`), "1.1.1.1");
    assert.equal(clientOf("10.0.0.1", "forwarded", `${sent}, for="1.1.1.1:80", for=10.0.0.2`), "1.1.1.1");
  }));
});
