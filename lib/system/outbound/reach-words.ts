/** Why another machine could not be reached, after its name: by the code of Node's error. */
export function reachWords(code: string | undefined): string {
  return (
    WORDS.find(([pattern]) => pattern.test(code ?? ""))?.[1] ?? `can't be reached${code ? ` (${code})` : ""}.`
  );
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, "refuses connections."],
  [/ENOTFOUND|EAI_AGAIN|EDNS/, "has no address: its name can't be looked up."],
  [/ETIMEDOUT|TIMEOUT/, "did not answer in time."],
  [/EHOSTUNREACH|ENETUNREACH/, "can't be reached from here."],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNECTION/, "ended the connection."],
  [/CERT|SELF_SIGNED|ISSUER|ALTNAME/, "shows a TLS certificate that can't be trusted or isn't its own."],
  [/SSL|TLS/, "does not speak TLS as it should."],
];
