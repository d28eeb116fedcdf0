import fc from "fast-check";
import { strict as assert } from "node:assert";
import { Redaction } from "../../../src/telemetry/access_log/redaction.ts";

const redaction = new Redaction(["token", "cookie", "api_key", "schlüssel"]);

Deno.test("Redaction.query() leaves out values by their keys, however those are written", () => {
  for (
    const [query, told] of [
      ["", ""],
      ["?", "?"],
      ["?a=1&b", "?a=1&b"],
      ["?token=x", "?token=[redacted]"],
      ["?token=", "?token=[redacted]"],
      ["?a=1&TOKEN=x=y?z&b=2", "?a=1&TOKEN=[redacted]&b=2"],
      ["?%74oken=x", "?%74oken=[redacted]"],
      ["?a=1;token=x;b=2", "?a=1;token=[redacted];b=2"],
      ["?token[]=x&user[token]=y&user[name]=z", "?token[]=[redacted]&user[token]=[redacted]&user[name]=z"],
      ["?user%5Btoken%5D=y", "?user%5Btoken%5D=[redacted]"],
      ["?user.token=y", "?user.token=[redacted]"],
      ["?next=/a?token=x&b=1", "?next=/a?token=[redacted]&b=1"],
      ["?a=?b=?c=?d", "?a=?b=?c=?d"],
      ["https://a.example/b?api_key=x#token=y", "https://a.example/b?api_key=[redacted]#token=[redacted]"],
      ["?tokens=x&atoken=y", "?tokens=x&atoken=y"],
      [
        "?sch%C3%BCssel=x&schl%C3%BCssel=y&schl%fcssel=z",
        "?sch%C3%BCssel=x&schl%C3%BCssel=[redacted]&schl%fcssel=[redacted]",
      ],
      ["?tok%65n%=x&%zz=1", "?tok%65n%=x&%zz=1"],
      ["?+token+=x", "?+token+=[redacted]"],
      ["?next=https%3A%2F%2Fa%2F%3Fb%3D1%26token%3Dx&b=1", "?next=[redacted]&b=1"],
      ["?next=https%3a%2f%2Fa%2F%3FTOKEN%5b%5d%3dx", "?next=[redacted]"],
      ["?next=%2F%3Fnext%3D%252F%253Ftoken%253Dx", "?next=[redacted]"],
      ["?next=%2Fa%3Fb%3D1&token%3Dx&y%3Dz", "?next=%2Fa%3Fb%3D1&[redacted]&y%3Dz"],
    ]
  ) assert.equal(redaction.query(query), told);
});

Deno.test("Redaction.field() leaves out whole fields by their names, and values within the URLs of others", () => {
  assert.equal(redaction.field("cookie", "a=b"), "[redacted]");
  assert.equal(redaction.field("accept", "a=b"), "a=b");
  assert.equal(redaction.field("referer", "https://a.example/?token=x"), "https://a.example/?token=[redacted]");
});

Deno.test("Redaction.query() never tells the value of a key, whatever stands around it", () => {
  const part = fc.string({ maxLength: 12 }).map((text) => text.replace(/[?#&;=]/g, "_"));
  const pair = fc.tuple(part, part).map(([key, value]) => `${key}=${value}`);
  fc.assert(
    fc.property(
      fc.array(pair),
      fc.array(pair),
      fc.constantFrom("token", "Token", "%54oken", "x[token]"),
      fc.nat(3),
      (left, right, key, depth) => {
        let secret = `${key}=t0p-secret`;
        for (let i = 0; i < depth; i++) secret = `next=${encodeURIComponent("https://a.example/?" + secret)}`;
        const query = "?" + [...left, secret, ...right].join("&");
        assert.equal(redaction.query(query).includes("t0p-secret"), false);
      },
    ),
  );
});
