import { protocolSwitch } from "./setting";

export const imap = protocolSwitch({
  key: "imap",
  label: "IMAP",
  section: "protocols",
  help: "Keeps mail on the server, so that every device sees the same. It needs a connection to read and disk space to keep.",
  default: true,
  since: "2.3",
});

export const pop3 = protocolSwitch({
  key: "pop3",
  label: "POP3",
  section: "protocols",
  help: "Takes mail away to one device and usually deletes it here. It saves disk space, and the mail is then only as safe as that device.",
  default: true,
  since: "2.3",
});
