/** The package's control files, by name: what dpkg knows of it, and what is done at its install, upgrade, removal and purge. */
export function controlFiles({ version, architecture, size }) {
  return {
    control: { content: control({ version, architecture, size }), mode: 0o644 },
    conffiles: { content: "/etc/portcullis/portcullis.env\n", mode: 0o644 },
    postinst: { content: POSTINST, mode: 0o755 },
    prerm: { content: PRERM, mode: 0o755 },
    postrm: { content: POSTRM, mode: 0o755 },
  };
}

/** Node's binaries of today need glibc 2.28; Debian 12 has 2.36. */
const control = ({ version, architecture, size }) => `Package: portcullis
Version: ${version}
Section: mail
Priority: optional
Architecture: ${architecture}
Maintainer: The authors of Portcullis <portcullis@mail.invalid>
Installed-Size: ${size}
Depends: adduser, libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 6)
Recommends: dovecot-core, dovecot-sqlite
Suggests: dovecot-imapd, dovecot-pop3d, nginx | caddy
Description: web panel for Dovecot that proves what it says
 Opens and closes IMAP and POP3 for a whole mail server, a domain or one
 mailbox, sets what WHM's Mailserver Configuration sets, and shows, proved
 against the running daemon, that what the page says is what is enforced.
 .
 A change is checked on a staged copy, swapped in whole, confirmed by a real
 handshake on every port, and put back when that fails. Installing the package
 doesn't touch Dovecot: "portcullis adopt" does, after a yes.
 .
 It carries the Node.js that it was built with.
`;

const UNITS = "portcullis.service portcullis-helper.service";

/** systemd's part, as debhelper writes it; nothing of it in a tree without systemd. */
const POSTINST = `#!/bin/sh
set -e

home=/var/lib/portcullis

case "$1" in
configure)
	if ! getent passwd portcullis >/dev/null; then
		adduser --quiet --system --group --no-create-home --home "$home" --gecos Portcullis portcullis
	fi
	if [ ! -d "$home" ]; then
		install -d -o portcullis -g portcullis -m 0711 "$home"
	fi
	if [ -n "$2" ] && [ -e "$home/portcullis.sqlite" ]; then
		# The start that follows brings the database to this version, and makes a backup of its own before it does; this one is
		# for an upgrade that leaves the database as it is.
		if ! PORTCULLIS_HOME="$home" portcullis backup create --before-upgrade; then
			echo "portcullis: no backup could be made before the upgrade from $2; see above." >&2
		fi
	fi
	if [ -d /run/systemd/system ]; then
		systemctl --system daemon-reload || true
		if [ -n "$2" ]; then
			for unit in ${UNITS}; do
				if systemctl --quiet is-active "$unit"; then
					deb-systemd-invoke restart "$unit" || true
				fi
			done
		fi
	fi
	if [ -z "$2" ]; then
		echo "Portcullis is installed and not started. Next: portcullis adopt --dry-run"
		echo "See /usr/share/doc/portcullis/operations.md."
	fi
	;;
esac
`;

const PRERM = `#!/bin/sh
set -e

if [ "$1" = remove ]; then
	if [ -d /run/systemd/system ]; then
		for unit in ${UNITS}; do
			deb-systemd-invoke stop "$unit" || true
			systemctl --quiet disable "$unit" 2>/dev/null || true
		done
	fi
	if [ -e /var/lib/portcullis/instance.json ]; then
		echo "Dovecot goes on with what was last set. To give it back as it was found, install portcullis again and run: portcullis release"
	fi
fi
`;

const POSTRM = `#!/bin/sh
set -e

if [ "$1" = purge ]; then
	rm -rf /var/lib/portcullis /var/lib/portcullis-helper
	rmdir --ignore-fail-on-non-empty /etc/portcullis 2>/dev/null || true
	if [ -x "$(command -v deluser)" ]; then
		deluser --quiet --system portcullis >/dev/null 2>&1 || true
		delgroup --quiet --system --only-if-empty portcullis >/dev/null 2>&1 || true
	fi
fi
if [ -d /run/systemd/system ]; then
	systemctl --system daemon-reload || true
fi
`;
