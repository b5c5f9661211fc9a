import type { SettingsValues } from "./catalogue";
import { defaultSettings } from "./schema";
import { INTERMEDIATE_CIPHERS } from "./sections/tls";

/** A state to start from and then edit. What it doesn't name stays as it is. */
export interface Profile {
  key: string;
  label: string;
  help: string;
  values: Partial<SettingsValues>;
}

export const profiles: readonly Profile[] = [
  {
    key: "modern",
    label: "Modern",
    help: "TLS 1.2 and 1.3 only, and nobody signs in without TLS. For people whose mail programs are younger than ten years.",
    values: {
      plaintext_auth: false,
      weak_auth_schemes: false,
      tls_required: true,
      tls_min_protocol: "TLSv1.2",
      tls_ciphers: INTERMEDIATE_CIPHERS,
    },
  },
  {
    key: "broad",
    label: "Broad",
    help: "Old mail programs and devices still connect: TLS from 1.0 on, and passwords without TLS as well. Weaker, and it warns of it.",
    values: {
      imap: true,
      pop3: true,
      imap_tls_only: false,
      pop3_tls_only: false,
      plaintext_auth: true,
      tls_required: false,
      tls_min_protocol: "TLSv1",
      // Since OpenSSL 3, TLS 1.0 and 1.1 are spoken at this level only.
      tls_ciphers: "DEFAULT:!aNULL:!eNULL:@SECLEVEL=0",
    },
  },
  {
    key: "small",
    label: "Small server",
    help: "For a machine with 1 GB of memory: few processes, small limits, and waiting mail programs are put to sleep early.",
    values: {
      auth_cache_size_mb: 0,
      login_spare_processes: 1,
      login_max_processes: 8,
      login_memory_mb: 64,
      login_process_per_connection: false,
      mail_max_processes: 64,
      mail_memory_mb: 256,
      config_memory_mb: 512,
      imap_max_connections: 10,
      idle_hibernate_s: 10,
      lmtp_spare_processes: 0,
      lmtp_max_processes: 10,
      lmtp_user_concurrency: 2,
    },
  },
  {
    key: "default",
    label: "Default values",
    help: "Portcullis's own defaults, for every setting.",
    values: defaultSettings,
  },
];

export function profileOf(key: string): Profile | undefined {
  return profiles.find((profile) => profile.key === key);
}
