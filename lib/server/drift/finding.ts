export type DriftKind =
  | "edited"
  | "removed"
  | "unreadable"
  | "replaced"
  | "include-missing"
  | "config-broken"
  | "version-changed"
  | "overridden"
  | "older-config"
  | "other-config"
  | "ports"
  | "daemon-down"
  | "certificate"
  | "access-map"
  | "access-lookup";

/** Something that is otherwise than Portcullis left it. */
export interface Finding {
  key: string;
  kind: DriftKind;
  /** `alarm`: mail is down, or people may get in who must not. */
  severity: "alarm" | "warning";
  sentence: string;
  diff: string;
}
