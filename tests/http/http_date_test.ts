import { strict as assert } from "node:assert";
import fc from "fast-check";
import { formatHttpDate, parseHttpDate } from "../../src/http/http_date.ts";

const NOW = Date.UTC(2026, 5, 1, 12);
const SOME_DAY = Date.UTC(1994, 10, 6, 8, 49, 37);

Deno.test("parseHttpDate() reads the three formats, names in any case, and does not mind the day of the week", () => {
  const cases: [text: string, date: number][] = [
    ["Sun, 06 Nov 1994 08:49:37 GMT", SOME_DAY],
    ["Sunday, 06-Nov-94 08:49:37 GMT", SOME_DAY],
    ["Sun Nov  6 08:49:37 1994", SOME_DAY],
    ["Sun Nov 06 08:49:37 1994", SOME_DAY],
    ["sUN, 06 nOV 1994 08:49:37 gMT", SOME_DAY],
    ["SUNDAY, 06-NOV-94 08:49:37 gmt", SOME_DAY],
    ["SUN NOV  6 08:49:37 1994", SOME_DAY],
    ["Wed, 06 Nov 1994 08:49:37 GMT", SOME_DAY],
    ["Sun, 21 Nov 2286 04:46:39 GMT", Date.UTC(2286, 10, 21, 4, 46, 39)],
    ["Tue, 29 Feb 2028 00:00:00 GMT", Date.UTC(2028, 1, 29)],
    ["Tue, 29 Feb 2000 00:00:00 GMT", Date.UTC(2000, 1, 29)],
    ["Sat, 31 Dec 2016 23:59:60 GMT", Date.UTC(2016, 11, 31, 23, 59, 59)],
    ["Fri, 31 Dec 9999 23:59:59 GMT", Date.UTC(9999, 11, 31, 23, 59, 59)],
  ];
  for (const [text, date] of cases) assert.equal(parseHttpDate(text, NOW), date, text);
});

Deno.test("parseHttpDate() takes nothing else for a date", () => {
  const texts = [
    ...["", "0", "-1", "foo", "1994-11-06T08:49:37Z", "784111777", "Sun, 06 Nov 1994 08:49:37"],
    ...["Thu, 18 Aug 2050 02:01:18 UTC", "Thu, 18 Aug 2050 02:01:18 AEST", "Thu, 18 Aug 2050 02:01:18 +0000"],
    ...["Thu, 18 Aug 50 02:01:18 GMT", "Thu 18 Aug 2050 02:01:18 GMT", "Thu, 18  Aug  2050 02:01:18 GMT"],
    ...["Thu, 18-Aug-2050 02:01:18 GMT", "Thu, 18-Aug-50 02:01:18 GMT", "Thu, 18 Aug 2050 02.01.18 GMT"],
    ...["Thu, 18 Aug 2050 2:01:18 GMT", "Thu, 8 Aug 2050 02:01:18 GMT", "Thu,18 Aug 2050 02:01:18 GMT"],
    ...["18 Aug 2050 02:01:18 GMT", "Xxx, 18 Aug 2050 02:01:18 GMT", "Thu, 18 Xxx 2050 02:01:18 GMT"],
    ...["Thursday, 18 Aug 2050 02:01:18 GMT", "Thu, 18 Aug 2050 24:00:00 GMT", "Thu, 18 Aug 2050 00:60:00 GMT"],
    ...["Thu, 18 Aug 2050 00:00:61 GMT", "Thu, 00 Aug 2050 02:01:18 GMT", "Thu, 32 Aug 2050 02:01:18 GMT"],
    ...["Thu, 31 Apr 2050 02:01:18 GMT", "Tue, 29 Feb 2100 00:00:00 GMT", "Tue, 29 Feb 2027 00:00:00 GMT"],
    ...["Thu Aug 8 02:01:18 2050", "Thu Aug  8 02:01:18 2050 GMT", "Thu, Aug  8 02:01:18 2050"],
    ...["Thu, 18 Aug 2050 02:01:18 GMT, Thu, 18 Aug 2050 02:01:19 GMT", " Thu, 18 Aug 2050 02:01:18 GMT"],
    ...["Thu, 18 Aug 0050 02:01:18 GMT", "Thu, 18 Aug 2050 02:01:18 GMT\n"],
  ];
  for (const text of texts) assert.equal(parseHttpDate(text, NOW), undefined, text);
});

Deno.test("parseHttpDate() takes a year of two digits for the latest that is not more than 50 years ahead", () => {
  const cases: [text: string, now: number, date: number][] = [
    ["Thursday, 18-Aug-50 02:01:18 GMT", NOW, Date.UTC(2050, 7, 18, 2, 1, 18)],
    ["Monday, 01-Jun-76 12:00:00 GMT", NOW, Date.UTC(2076, 5, 1, 12)],
    ["Monday, 01-Jun-76 12:00:01 GMT", NOW, Date.UTC(1976, 5, 1, 12, 0, 1)],
    ["Friday, 01-Jan-77 00:00:00 GMT", NOW, Date.UTC(1977, 0, 1)],
    ["Sunday, 01-Jan-26 00:00:00 GMT", NOW, Date.UTC(2026, 0, 1)],
    ["Sunday, 01-Jan-10 00:00:00 GMT", Date.UTC(2090, 0, 1), Date.UTC(2110, 0, 1)],
    // There is no such day in 2100, and there is one in 2000.
    ["Tuesday, 29-Feb-00 00:00:00 GMT", Date.UTC(2090, 0, 1), Date.UTC(2000, 1, 29)],
  ];
  for (const [text, now, date] of cases) assert.equal(parseHttpDate(text, now), date, text);
});

Deno.test("formatHttpDate() writes what parseHttpDate() reads, to the second", () => {
  assert.equal(formatHttpDate(SOME_DAY + 999), "Sun, 06 Nov 1994 08:49:37 GMT");
  fc.assert(fc.property(fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) }), (ms) => {
    assert.equal(parseHttpDate(formatHttpDate(ms), NOW), Math.floor(ms / 1000) * 1000);
  }));
});
