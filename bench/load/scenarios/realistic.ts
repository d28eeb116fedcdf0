/**
 * Shape B: an API call as a browser application makes it. Nine request fields, twelve response fields, 207 bytes of body.
 *
 * @module
 */
import type { Scenario } from "../scenario.ts";

const BODY = '{"id":12345,"name":"Example user","email":"user@example.com","roles":["admin","editor"],' +
  '"created":"2026-01-01T00:00:00Z","profile":{"city":"London","country":"UK","lang":"en"},' +
  '"items":[1,2,3,4,5,6,7,8,9,10]}';

/** The realistic shape. */
export const realistic: Scenario = {
  id: "B",
  title: "realistic: 9 request headers, 12 response headers, 207-byte body",
  path: "/api/users/12345",
  requestHeaders: [
    ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"],
    ["Accept", "application/json, text/plain, */*"],
    ["Accept-Language", "en-GB,en;q=0.7,de;q=0.3"],
    ["Accept-Encoding", "gzip, deflate, br"],
    ["Authorization", "Bearer 0f8fad5bd9cb469fa16570867728950e7c9e6679742540de944be07fc1f90ae7"],
    ["Cookie", "session=6b86b273ff34fce19d6b804eff5a3f57; theme=dark"],
    ["Origin", "https://app.example.com"],
    ["Referer", "https://app.example.com/users"],
  ],
  origin: [
    "default_type application/json;",
    `add_header Cache-Control "private, max-age=30";`,
    `add_header ETag '"5d8c72a5edda8"';`,
    `add_header Vary "Accept-Encoding, Origin";`,
    `add_header X-Content-Type-Options nosniff;`,
    `add_header Strict-Transport-Security "max-age=63072000";`,
    `add_header Access-Control-Allow-Origin "https://app.example.com";`,
    `add_header X-RateLimit-Remaining 4999;`,
    `return 200 '${BODY}';`,
  ],
  answer: { headers: 12, bodyBytes: 207 },
};
