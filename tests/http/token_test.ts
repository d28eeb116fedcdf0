import { strict as assert } from "node:assert";
import { isToken } from "../../src/http/token.ts";

Deno.test("isToken() takes the characters of RFC 9110 §5.6.2 and no others", () => {
  const allowed = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (let code = 0; code < 0x180; code++) {
    const character = String.fromCharCode(code);
    assert.equal(isToken("x" + character), allowed.includes(character), `U+${code.toString(16)}`);
  }
  assert.equal(isToken(allowed), true);
  assert.equal(isToken(""), false);
  assert.equal(isToken("x\u{10041}"), false);
});
