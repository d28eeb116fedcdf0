import { strict as assert } from "node:assert";
import {
  COMPRESSIBLE,
  compressibleTypes,
  isTypePattern,
} from "../../../../src/policies/shape/compress/compressible_types.ts";

Deno.test("text and what is like it is worth compressing by default, and what is compressed is not", () => {
  const isOne = compressibleTypes(COMPRESSIBLE);
  const yes = [
    ...["application/json", "Application/JSON; charset=utf-8", "application/problem+json", "text/html;charset=utf-8"],
    ...["text/event-stream", "image/svg+xml", "application/wasm", "application/atom+xml", "text/css ; x=y"],
  ];
  const no = [
    ...["", "image/png", "image/jpeg", "video/mp4", "application/zip", "application/grpc", "application/grpc+proto"],
    ...["application/octet-stream", "font/woff2", "application/pdf", "multipart/form-data; boundary=x", "json", "text"],
  ];
  assert.deepEqual(yes.filter((type) => !isOne(type)), []);
  assert.deepEqual(no.filter((type) => isOne(type)), []);
  assert.equal(isOne(null), false);
});

Deno.test("a family or a suffix never takes what is compressed in itself", () => {
  const isOne = compressibleTypes(["image/*", "application/*+json"]);
  assert.deepEqual(["image/bmp", "image/png", "application/a+json", "application/json"].map(isOne), [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("a pattern is a type, a family or a suffix", () => {
  const right = ["text/html", "text/*", "application/*+json", "image/svg+xml"];
  const wrong = ["text", "*/*", "text/*html", "text/a/b", "text/html; a=b", "", "text/", "*/json", "application/*+*"];
  assert.deepEqual(right.filter((text) => !isTypePattern(text)), []);
  assert.deepEqual(wrong.filter((text) => isTypePattern(text)), []);
});
