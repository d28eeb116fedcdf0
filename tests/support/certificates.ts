/** Certificates for TLS tests, valid from 2020 to 2120; their keys are public and guard nothing. @module */

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The authority that signed the others: give it as `ca`. */
export const authority: string = read("authority.pem");

/** For `localhost`, `*.localhost`, `127.0.0.1` and `::1`. */
export const serverCertificate: Certificate = { cert: read("server.pem"), key: read("server.key") };

/** For a client named `client.test`. */
export const clientCertificate: Certificate = { cert: read("client.pem"), key: read("client.key") };

/** Where the PEM files are, for programs and configs that want a path. */
export const certificateDirectory: string = `${import.meta.dirname}/certificates`;

function read(name: string): string {
  return Deno.readTextFileSync(`${import.meta.dirname}/certificates/${name}`);
}
