/** What the access log never tells, whatever else is redacted. @module */

/** Names in lower case: of fields that carry credentials, and of keys of a query that do. */
export const USUAL_REDACTIONS: readonly string[] = Object.freeze([
  ...["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"],
  ...["x-auth-token", "x-access-token", "x-csrf-token", "x-xsrf-token"],
  ...["access_token", "id_token", "id_token_hint", "refresh_token", "auth_token", "session_token", "token", "jwt"],
  ...["code", "code_verifier", "client_secret", "client_assertion", "assertion", "samlresponse", "ticket", "otp"],
  ...["secret", "password", "passwd", "pwd", "api_key", "api-key", "apikey", "access_key", "key", "sig", "signature"],
  ...["x-amz-security-token", "x-amz-signature", "x-goog-signature"],
]);
