/** Who is asking, as far as a policy has found out. @module */

/** Set by a policy that has checked a credential; read by keys (`identity`, `consumer`, `basic:user`, `jwt:claim`), limits and logs. */
export interface Identity<Claims extends object = Readonly<Record<string, unknown>>> {
  /** What vouches for it: the kind of the policy, `"jwt"`. */
  readonly method?: string;
  /** The named consumer that the credential belongs to. */
  readonly consumer?: string;
  /** The subject of the credential (`sub` of a token, the user of basic auth). */
  readonly subject?: string;
  /** The user name of HTTP basic authentication. */
  readonly user?: string;
  readonly groups?: readonly string[];
  /** What the credential may be used for (RFC 6749 §3.3). */
  readonly scopes?: readonly string[];
  readonly claims?: Claims;
}
