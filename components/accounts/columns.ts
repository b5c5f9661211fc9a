/** What the table can show beside the address, which is always there. `room`: shown only where there is room for it. */
export const COLUMNS = [
  { key: "domain", label: "Domain", room: "wide" },
  { key: "imap", label: "IMAP", room: undefined },
  { key: "pop3", label: "POP3", room: undefined },
  { key: "imap-used", label: "Last IMAP", room: "medium" },
  { key: "pop3-used", label: "Last POP3", room: "medium" },
  { key: "override", label: "Own rule", room: "medium" },
  { key: "suspension", label: "Suspension", room: "medium" },
  { key: "changed", label: "Last changed", room: "wide" },
  { key: "proof", label: "Proof", room: "medium" },
] as const;

export type Column = (typeof COLUMNS)[number]["key"];

export const COLUMNS_COOKIE = "portcullis-account-columns";

/** What the cookie says; all where there is none. */
export function columnsFrom(cookie: string | undefined): Column[] {
  const all = COLUMNS.map(({ key }) => key);
  if (cookie === undefined) return all;
  const wanted = cookie.split(",");
  return all.filter((key) => wanted.includes(key));
}
