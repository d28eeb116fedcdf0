import { strict as assert } from "node:assert";
import { formType } from "../../../src/policies/keys/form_type.ts";
import { bytesOf, END, fieldsOf, part, URLENCODED } from "./form_bed.ts";

Deno.test("formType() knows forms by their content type", () => {
  const urlencoded = { kind: "urlencoded", charset: "utf-8" }, ascii = { kind: "urlencoded", charset: "ascii" };
  const multipart = { kind: "multipart", charset: "utf-8", boundary: "b" };
  const cases: [type: string, form: unknown][] = [
    [URLENCODED, urlencoded],
    ["Application/X-WWW-Form-URLencoded ; Charset=UTF-8;", urlencoded],
    [`${URLENCODED}; charset="utf-8"`, urlencoded],
    [`${URLENCODED}; charset=ISO-8859-1`, ascii],
    ["multipart/form-data; boundary=b", multipart],
    ['multipart/form-data;boundary="b"', multipart],
    ["Multipart/Form-Data; charset=utf-8; Boundary=b", multipart],
    ["multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", {
      ...multipart,
      boundary: "----WebKitFormBoundary7MA4YWxkTrZu0gW",
    }],
    ['multipart/form-data; boundary="----=_Part_0 (1)"', { ...multipart, boundary: "----=_Part_0 (1)" }],
  ];
  for (const [type, form] of cases) assert.deepEqual(formType(type), form, type);
});

Deno.test("formType() knows no form where readers may differ about the boundary or the charset, or that is none", () => {
  const types = [
    "",
    "application/json",
    "text/plain",
    "multipart/mixed; boundary=b",
    "multipart/form-data",
    "multipart/form-data; boundary",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary=""',
    "multipart/form-data; boundary=a; boundary=b",
    "multipart/form-data; boundary=a; Boundary=b",
    "multipart/form-data; boundary=a, multipart/form-data; boundary=b",
    'multipart/form-data; x="; boundary=a; "; boundary=b',
    'multipart/form-data; charset="; boundary=a; "; boundary=b',
    "multipart/form-data; xboundary=a; boundary=b",
    "multipart/form-data; boundary*=utf-8''a; boundary=b",
    "multipart/form-data; boundary*0=a; boundary=b",
    'multipart/form-data; boundary="b',
    'multipart/form-data; boundary=b"',
    'multipart/form-data; boundary="b"c',
    'multipart/form-data; boundary="a\\"; boundary=b"',
    'multipart/form-data; boundary="\\b"',
    'multipart/form-data; boundary="b "',
    "multipart/form-data; boundary = b",
    "multipart/form-data; boundary=b c",
    "multipart/form-data; boundary='b;c'",
    `multipart/form-data; boundary=${"b".repeat(71)}`,
    "multipart/form-data boundary=b",
    "multipart/form-data; boundary=b; charset=utf-16",
    `${URLENCODED}; charset=ibm037`,
    `${URLENCODED}; charset=utf-8; charset=utf-7`,
    `${URLENCODED}; charset`,
    `${URLENCODED}, text/plain`,
  ];
  for (const type of types) assert.equal(formType(type), null, type);
  assert.equal(formType(null), null);
});

Deno.test("form: knows of a form in another charset what is ASCII", async () => {
  const type = `${URLENCODED}; charset=iso-8859-1`;
  assert.deepEqual(await fieldsOf(type, bytesOf("user=ann&a=%E9&b=", [0xe9])), { user: "ann" });
  assert.deepEqual(await fieldsOf(type, "user=ann&%E9=1"), {}, "a name");
  const multipart = "multipart/form-data; charset=iso-8859-1; boundary=b";
  assert.deepEqual(await fieldsOf(multipart, part("user", "ann") + part("a", "é") + END), { user: "ann" });
});
