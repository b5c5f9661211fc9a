import { describe, expect, it } from "vitest";
import { parseDoveconf } from "@/lib/core/dovecot/doveconf";
import { effectiveConfig } from "@/lib/core/dovecot/effective";

/** As `doveconf` prints it: 2.3 with every default, 2.4 without, and in another order. */
const CLASSIC = `protocols =  imap lmtp pop3
listen = *, ::
base_dir = /run/dovecot
libexec_dir = /usr/lib/dovecot
shutdown_clients = yes
service imap-login {
  executable = imap-login -a
  inet_listener imap {
    address = 192.0.2.1, 192.0.2.2
    haproxy = no
    port = 143
    ssl = no
  }
  inet_listener imaps {
    address =
    haproxy = yes
    port = 993
    ssl = yes
  }
  inet_listener off {
    address =
    port = 0
  }
  protocol = imap
}
service submission-login {
  executable = submission-login
  inet_listener submission {
    port = 587
  }
  protocol = submission
}
service stats {
  executable = stats
  unix_listener portcullis-rev-0123456789abcdef {
    mode = 0600
  }
  protocol =
}
`;

const MODERN = `protocols = lmtp imap
listen = 127.0.0.1 ::1
shutdown_clients = no
service pop3-login {
  executable = pop3-login
  protocol = pop3
  inet_listener custom {
    port = 1110
    listen = 127.0.0.2
  }
  unix_listener "srv.pop3-login/%{pid}" {
    mode = 0600
  }
}
`;

describe("what a configuration comes to", () => {
  it("reads 2.3's: every address of a listener, wildcards from the global list, port 0 as none", () => {
    const effective = effectiveConfig(parseDoveconf(CLASSIC));
    expect(effective.protocols).toEqual(["imap", "lmtp", "pop3"]);
    expect(effective.shutdownClients).toBe(true);
    expect(
      effective.listeners.map(({ name, address, port, tls, haproxy, open }) => [
        name,
        address,
        port,
        tls,
        haproxy,
        open,
      ]),
    ).toEqual([
      ["imap", "192.0.2.1", 143, false, false, true],
      ["imap", "192.0.2.2", 143, false, false, true],
      ["imaps", "*", 993, true, true, true],
      ["imaps", "::", 993, true, true, true],
    ]);
    expect(effective.services[0]).toEqual({ name: "imap-login", protocol: "imap", executable: "imap-login" });
    expect(effective.statsSockets).toEqual(["portcullis-rev-0123456789abcdef"]);
  });

  it("reads 2.4's, and knows the ports of a protocol that is closed", () => {
    const effective = effectiveConfig(parseDoveconf(MODERN));
    expect(effective.shutdownClients).toBe(false);
    expect(effective.listeners).toEqual([
      {
        protocol: "pop3",
        service: "pop3-login",
        name: "custom",
        address: "127.0.0.2",
        port: 1110,
        tls: false,
        haproxy: false,
        open: false,
      },
    ]);
  });

  it("doesn't watch the ports of protocols that the server doesn't have", () => {
    expect(
      effectiveConfig(parseDoveconf(CLASSIC)).listeners.some(({ protocol }) => protocol === "submission"),
    ).toBe(false);
  });
});
