/** What the table can show beside the address, which is always there. */
export const COLUMNS = [
  { key: "domain", label: "Domain" },
  { key: "imap", label: "IMAP" },
  { key: "pop3", label: "POP3" },
  { key: "override", label: "Own rule" },
  { key: "suspension", label: "Suspension" },
  { key: "changed", label: "Last changed" },
  { key: "proof", label: "Proof" },
] as const;

export type Column = (typeof COLUMNS)[number]["key"];

export const COLUMNS_COOKIE = "portcullis-account-columns";

/** What a cookie or a form says; all where it says nothing of use. */
export function columnsFrom(text: string | undefined): Column[] {
  if (text === undefined) return COLUMNS.map(({ key }) => key);
  const wanted = text.split(",");
  return COLUMNS.map(({ key }) => key).filter((key) => wanted.includes(key));
}
