import { describe, expect, it } from "vitest";
import { besidesOurs, culpritsOf, type Dump } from "@/lib/core/adopt/proof";
import { PLAIN_SITE } from "@/lib/core/dovecot/target";
import { unsetSettings } from "@/lib/core/settings/schema";

const BEFORE = `auth_cache_size = 0
namespace inbox {
  inbox = yes
}
protocols = " imap lmtp pop3"
service imap-login {
  inet_listener imap {
    port = 143
  }
}
`;
const LOOKUP = `protocol pop3 {
  passdb {
    args = /etc/dovecot/portcullis/access-pop3.conf.ext
    driver = sql
  }
}
service stats {
  unix_listener portcullis-rev-0123456789abcdef {
    mode = 0600
  }
}
`;
const dump = (text: string): Dump => ({ all: text, changed: text, asked: text });
const besides = (after: string, settingsFile: string) =>
  besidesOurs(dump(BEFORE), dump(after), { files: { "settings.conf": settingsFile }, family: "2.3" }).map(
    ({ sentence }) => sentence,
  );

describe("the proof that nothing else changes", () => {
  it("lets the lookup, the mark, an order of protocols and lines that say what is so pass", () => {
    const after = BEFORE.replace('" imap lmtp pop3"', "imap pop3 lmtp").replace("= 0\n", "= 0M\n");
    expect(besides(after + LOOKUP, "auth_cache_size = 0M\n")).toEqual([]);
    expect(
      besides(
        `${BEFORE}protocol imap {\n  mail_max_userip_connections = 10\n}\n`,
        "  mail_max_userip_connections = 10\n",
      ),
    ).toEqual([]);
  });

  it("tells a value that changes, goes, or comes from elsewhere", () => {
    expect(besides(BEFORE.replace("143", "1143"), "    port = 1143\n")).toEqual([
      "service imap-login / inet_listener imap / port = 143 would become 1143.",
    ]);
    expect(besides(BEFORE.replace("pop3", ""), "")).toHaveLength(1);
    expect(besides(BEFORE.replace("  inbox = yes\n", ""), "")).toContain(
      "namespace inbox / inbox = yes would go.",
    );
    expect(besides(`${BEFORE}mail_debug = yes\n`, "")).toEqual(["mail_debug = yes would come."]);
    expect(besides(`${BEFORE}passdb {\n  driver = pam\n}\n`, "  driver = pam\n")).toEqual([
      "passdb / driver = pam would come.",
    ]);
  });

  it("tells a mailbox that a line of ours brings along, and which setting does", () => {
    const after = BEFORE.replace(
      "  inbox = yes\n",
      "  inbox = yes\n  mailbox Trash {\n    autoexpunge = 0\n  }\n",
    );
    const found = besidesOurs(dump(BEFORE), dump(after), {
      files: { "settings.conf": "    autoexpunge = 0\n" },
      family: "2.3",
    });
    expect(found.map(({ place }) => place)).toEqual(["namespace inbox / mailbox Trash / autoexpunge"]);
    const target = { family: "2.3", otherProtocols: [], site: PLAIN_SITE } as const;
    const culprits = culpritsOf(
      found,
      { ...unsetSettings, trash_expunge: false, keep_sessions: true },
      target,
    );
    expect(culprits.map(({ setting }) => setting.key)).toEqual(["trash_expunge"]);
  });
});
