import { choice } from "../kinds/choice";
import { place, set } from "../kinds/spec";
import { switchSetting } from "../kinds/switch";
import { text } from "../kinds/text";
import { section } from "../setting";

/** Mozilla's "intermediate" list, for TLS 1.2: forward secrecy and authenticated encryption only. */
export const INTERMEDIATE_CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
].join(":");

export const tls = section({
  key: "tls",
  label: "TLS",
  settings: [
    text({
      key: "tls_ciphers",
      label: "SSL Cipher List",
      help: "Which ciphers TLS 1.2 and older may use, as OpenSSL writes them. TLS 1.3 has its own.",
      default: INTERMEDIATE_CIPHERS,
      dovecotDefault:
        "ALL:!kRSA:!SRP:!kDHd:!DSS:!aNULL:!eNULL:!EXPORT:!DES:!3DES:!MD5:!PSK:!RC4:!ADH:!LOW@STRENGTH",
      range: { min: 1, max: 4000 },
      characters: {
        pattern: /^[A-Za-z0-9!+@][A-Za-z0-9:!+@=_. ,-]*$/,
        words: "names of ciphers and : ! + - @ = , between them",
      },
      risk: { level: "high", sentence: "A list that a mail program shares nothing with shuts it out." },
      at: place("ssl_cipher_list"),
    }),
    text({
      key: "tls13_suites",
      label: "TLS 1.3 Cipher Suites",
      help: "Which suites TLS 1.3 may use, with colons between. Empty takes OpenSSL's own, which are all good.",
      default: null,
      dovecotDefault: "OpenSSL's own",
      since: "2.4",
      range: { min: 1, max: 1000 },
      characters: { pattern: /^[A-Za-z0-9_:]+$/, words: "names of suites with colons between" },
      risk: {
        level: "high",
        sentence: "A list that a mail program shares nothing with leaves it TLS 1.2, or nothing.",
      },
      at: { "2.4": [place("ssl_cipher_suites")] },
    }),
    choice({
      key: "tls_min_protocol",
      label: "SSL Minimum Protocol",
      help: "The oldest TLS that is spoken. TLS 1.2 suits everything since about 2014.",
      default: "TLSv1.2",
      options: [
        { value: "TLSv1", label: "TLSv1" },
        { value: "TLSv1.1", label: "TLSv1.1" },
        { value: "TLSv1.2", label: "TLSv1.2" },
        { value: "TLSv1.3", label: "TLSv1.3" },
      ],
      risk: { level: "high", sentence: "Mail programs that know nothing so new can't connect." },
      rules: [
        {
          severity: "warning",
          check: ({ tls_min_protocol: oldest }) =>
            oldest === "TLSv1" || oldest === "TLSv1.1"
              ? `is ${oldest}, which is broken and was withdrawn in 2021 (RFC 8996)`
              : undefined,
        },
      ],
      at: place("ssl_min_protocol"),
    }),
    switchSetting({
      key: "tls_required",
      label: "Require TLS for Everything",
      help: "On, nobody signs in without TLS, whatever way of proving the password is used. Programs on this host may always.",
      default: false,
      risk: { level: "high", sentence: "Mail programs that are set up without TLS can't sign in." },
      at: place("ssl"),
      render(on, { values, target }) {
        // Off leaves it to the server's own files whether TLS is offered at all; only "required" is taken back.
        if (!on) return target.site.tlsRequired ? [set(place("ssl"), "yes")] : [];
        // 2.4 refuses a file that requires TLS and allows passwords without it, whoever wrote which.
        const alsoRefused = target.family === "2.4" && values.plaintext_auth !== false;
        return [
          set(place("ssl"), "required"),
          ...(alsoRefused ? [set(place("auth_allow_cleartext"), "no")] : []),
        ];
      },
      read: (tree) => tree.asked.settings.ssl === "required",
    }),
  ],
});
