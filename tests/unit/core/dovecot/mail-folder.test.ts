import { expect, it } from "vitest";
import { configTree } from "@/lib/core/dovecot/config";
import { mailFolder } from "@/lib/core/dovecot/mail-folder";

it.each([
  ["mail_location = maildir:/var/vmail/%d/%n", "/var/vmail"],
  ["mail_location = maildir:/var/vmail/%d/%n:INDEX=/fast/%d/%n", "/var/vmail"],
  ["mail_location = mdbox:/srv/mail/box-%u", "/srv/mail"],
  ["mail_path = /srv/mail/%{user|domain}/%{user|username}", "/srv/mail"],
  ["mail_location = maildir:~/Maildir\nmail_home = /home/%u", "/home"],
  ["mail_location = mbox:~/mail:INBOX=/var/mail/%u", undefined],
  ["mail_path = /%{user}", "/"],
  ["mail_location = maildir:/var/shared", "/var/shared"],
  ["mail_location = ", undefined],
  ["protocols = imap", undefined],
])("%s", (config, folder) => expect(mailFolder(configTree("", config))).toBe(folder));
