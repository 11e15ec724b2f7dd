#!/bin/sh
# After the files are there. dpkg's own triggers look after menus, icons and file types.
set -e
if [ "$1" != configure ]; then exit 0; fi
app='/opt/${sanitizedProductName}'
profile='/etc/apparmor.d/${executable}'

# Chromium's sandbox stands on user namespaces; where there are none, on a helper that is root's.
if [ -L /proc/self/ns/user ] && unshare --user true 2>/dev/null; then
	chmod 0755 "$app/chrome-sandbox"
else
	chmod 4755 "$app/chrome-sandbox"
fi

# Ubuntu 24 gives user namespaces only to programs that have a profile; an older AppArmor cannot read it and needs none.
if apparmor_status --enabled >/dev/null 2>&1 &&
	apparmor_parser --skip-kernel-load --debug "$app/resources/apparmor-profile" >/dev/null 2>&1; then
	cp -f "$app/resources/apparmor-profile" "$profile"
	if ! { [ -x /usr/bin/ischroot ] && ischroot; }; then
		apparmor_parser --replace --write-cache --skip-read-cache "$profile"
	fi
fi
