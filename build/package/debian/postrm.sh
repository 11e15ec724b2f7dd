#!/bin/sh
# After the files are gone: what postinst added goes too.
set -e
profile='/etc/apparmor.d/${executable}'
case $1 in remove | purge) ;; *) exit 0 ;; esac
if [ -f "$profile" ]; then
	if apparmor_status --enabled >/dev/null 2>&1 && ! { [ -x /usr/bin/ischroot ] && ischroot; }; then
		apparmor_parser --remove "$profile" || true
	fi
	rm -f "$profile"
fi
