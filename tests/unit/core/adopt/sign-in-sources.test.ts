import { describe, expect, it } from "vitest";
import { layoutOf } from "@/lib/core/adopt/layout";
import { directorSentence, signInSources } from "@/lib/core/adopt/sign-in-sources";
import { parseDoveconf } from "@/lib/core/dovecot/doveconf";

/** As doveconf -n prints it: 2.3, then 2.4. */
const CLASSIC = `passdb {
  args = scheme=CRYPT username_format=%u /etc/dovecot/users
  driver = passwd-file
}
passdb {
  args = /etc/dovecot/dovecot-ldap.conf.ext
  driver = ldap
}
userdb {
  args = uid=vmail gid=vmail home=/var/vmail/%d/%n
  driver = static
}
`;
const MODERN = `passdb sql {
  driver = sql
  query = SELECT password FROM users WHERE password = '/not/a/path'
  sql_driver = pgsql
  pgsql localhost {
    parameters {
      password = /secret/not/shown
    }
  }
}
userdb passwd-file {
  passwd_file_path = /etc/dovecot/users
}
`;

describe("where sign-ins are looked up", () => {
  it("is told of each, in order, with its files and never a query or a password", () => {
    expect(signInSources(parseDoveconf(CLASSIC))).toEqual([
      { kind: "passdb", driver: "passwd-file", where: "a file of users", files: ["/etc/dovecot/users"] },
      {
        kind: "passdb",
        driver: "ldap",
        where: "an LDAP directory",
        files: ["/etc/dovecot/dovecot-ldap.conf.ext"],
      },
      { kind: "userdb", driver: "static", where: "the same for everybody (static)", files: [] },
    ]);
    expect(signInSources(parseDoveconf(MODERN))).toEqual([
      { kind: "passdb", driver: "sql", where: "an SQL database", files: [] },
      { kind: "userdb", driver: "passwd-file", where: "a file of users", files: ["/etc/dovecot/users"] },
    ]);
  });

  it("is a ring of other servers where a director says so", () => {
    expect(directorSentence(parseDoveconf("director_servers = 10.0.0.1 10.0.0.2\n"))).toContain("director");
    expect(
      directorSentence(
        parseDoveconf("service director {\n  unix_listener login/director {\n    mode = 0666\n  }\n}\n"),
      ),
    ).toContain("director");
    expect(directorSentence(parseDoveconf(CLASSIC))).toBeUndefined();
  });
});

describe("how a distribution laid its files out", () => {
  const file = (path: string) => ({
    path,
    from: undefined,
    pattern: path,
    optional: false,
    state: "read" as const,
  });

  it("is Debian's by its protocols, though none matches", () => {
    const pattern = "/usr/share/dovecot/protocols.d/*.protocol";
    expect(layoutOf([file("/etc/dovecot/dovecot.conf")], [pattern]).key).toBe("debian");
    expect(
      layoutOf([file("/etc/dovecot/dovecot.conf"), file("/etc/dovecot/conf.d/10-auth.conf")], []).key,
    ).toBe("split");
    expect(layoutOf([file("/etc/dovecot/dovecot.conf")], []).sentence).toBe("A single file.");
  });
});
