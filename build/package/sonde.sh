#!/bin/sh
# What a terminal starts: a command runs in the terminal, anything else opens the window.
# A command shows no page, so Chromium's sandbox, which refuses root, has nothing to hold, and its log is nobody's business.
app=$(dirname "$(dirname "$(readlink -f "$0")")")
program=$app/sonde
# Of an application of macOS, which holds this among its resources.
[ -x "$app/../MacOS/Sonde" ] && program=$app/../MacOS/Sonde
# `sonde NAME.sonde.mcap` opens a recording; a bare word is a command (electron/shell/command-line.ts).
if [ "${1#-}" = "$1" ] && [ "${1#*[!a-z]}" = "$1" ] && [ -n "$1" ]; then
	is_command=yes
fi
case $1 in --help | -h | --version | -V) is_command=yes ;; esac
if [ -n "$is_command" ]; then
	exec "$program" --no-sandbox --no-zygote --log-level=3 --cli -- "$@"
fi
exec "$program" "$@"
