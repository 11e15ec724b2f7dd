/**
 * Looks at every place the private directory may be in, as whoever runs it. A place that holds Sonde already ends the
 * search: the second connect must be quick, and each program started on a small box takes 20 ms.
 */
import { type DeviceSection, sectionStart } from './sections.ts';

const start = (section: DeviceSection) => `echo "${sectionStart(section)}"`;

/**
 * is_ours: a directory, not a link, of our own ($u is our user id), open to nobody else, in a place that is firm.
 * is_firm: nobody but root and us can put another directory in its place. All above it, as it is named and as it really
 * lies, belong to root or to us, and where others may write, it is sticky.
 */
export const IS_OURS = `
is_firm() {
  f=$1
  w=$(cd "$1" 2>/dev/null && pwd -P) || return 1
  set --
  while :; do
    set -- "$@" "$f/."
    [ "$f" ] || break
    f=\${f%/*}
  done
  while [ "$w" ]; do
    set -- "$@" "$w/."
    w=\${w%/*}
  done
  { ls -ldn "$@" 2>/dev/null || echo cannot look at it; } | while read -r m n o g z; do
    case $o in 0|"$u") ;; *) exit 1 ;; esac
    case $m in
    ?????????[tT]*) ;;
    ????????w*) exit 1 ;;
    ?????w*) [ "$g" = 0 ] || exit 1 ;;
    esac
  done
}
is_ours() {
  [ -d "$1" ] || return 1
  [ -L "$1" ] && return 1
  is_firm "$1" || return 1
  set -- $(ls -ldn "$1")
  [ "$3" = "$u" ] || return 1
  case $1 in drwx------*) return 0 ;; esac
  return 1
}`;

/** is_firm_file: the same of a program, and of what it is a link to. */
export const IS_FIRM_FILE = `
is_firm_file() {
  is_firm "\${1%/*}/" || return 1
  f=$(readlink -f "$1") || return 1
  is_firm "\${f%/*}/" || return 1
  set -- $(ls -ldn "$(readlink -f "$1")")
  case $3 in 0|"$u") ;; *) return 1 ;; esac
  case $1 in -????w*|-???????w*) return 1 ;; esac
  return 0
}`;

/** In the order of preference. `cache` is the place in the home directory; $k is whose it is. */
export function placeList(cache: string): string {
  return `/var/lib/sonde$k ${cache} /var/tmp/sonde-$u$k /opt/sonde$k /run/sonde$k /dev/shm/sonde-$u$k /tmp/sonde-$u$k`;
}

/**
 * Two people who both become root have directories of their own ($k: empty for root itself, else who has become root), so
 * that nobody finds, sweeps away or ends what another one is doing.
 * Some sudo keep the HOME of the user who calls: what root runs must not lie where that user can swap it.
 */
export const WHOSE = `
k=
[ "$DOAS_USER" ] && k=$(id -u "$DOAS_USER" 2>/dev/null)
[ "$SUDO_UID" ] && k=$SUDO_UID
if [ "$k" -gt 0 ] 2>/dev/null; then k=-$k; else k=; fi
[ -O "$HOME" ] || HOME=/root`;

/** Where a directory is tried out. */
export const TRY_NAME = `.sonde-try\${k:--0}`;

/**
 * Real execution is tried, because mount options do not tell all (security modules, namespaces).
 * `place` lines: directory, state, directory looked at for space.
 * The first good place ends the search too, unless all are wanted: to name each one where none has room.
 */
export const PLACES_SCRIPT = placesScript(false);
export const ALL_PLACES_SCRIPT = placesScript(true);

function placesScript(wantsAll: boolean): string {
  return `
LC_ALL=C
export LC_ALL
umask 077
u=$(id -u)
${WHOSE}
cache="$HOME/.cache"
[ -d "$cache" ] && cache="$cache/sonde$k" || cache="$HOME/.sonde$k"
all="${placeList('$cache')}"

${IS_OURS}

${start('places')}
looked=
list=
sums=
for p in $all; do
  is_ours "$p" || continue
  for l in "$p"/loader-*; do
    [ -x "$l" ] || continue
    # Proves at once that programs run there and that ours are whole.
    s=$("$l" sha256 "$p"/loader-* "$p"/agent-* 2>/dev/null)
    [ "$s" ] || continue
    sums="$sums $s"
    list=$p
    break
  done
  ${wantsAll ? '' : '[ "$list" ] && break'}
done

if [ "$list" ] && [ ${wantsAll ? '""' : '1'} ]; then
  echo "place $list ok $list"
  looked=$list
else
  for p in $all; do
    t=
    if [ -e "$p" ] || [ -L "$p" ]; then
      if is_ours "$p"; then t=$p; made=; else echo "place $p foreign $p"; continue; fi
    else
      parent=\${p%/*}
      [ -d "$parent" ] || { echo "place $p absent /"; continue; }
      is_firm "$parent" || { echo "place $p foreign $parent"; continue; }
      t=$parent/${TRY_NAME}-$$
      made=$t
      if m=$(mkdir "$t" 2>&1); then :; else
        case "$m" in *"o space"*|*uota*) s=unwritable; looked="$looked $parent" ;; *) s=readonly ;; esac
        echo "place $p $s $parent"
        continue
      fi
    fi
    s=unwritable
    if printf "#\\041/bin/sh\\nexit 0\\n" > "$t/try" 2>/dev/null; then
      chmod 700 "$t/try"
      if "$t/try" 2>/dev/null; then s=ok; else s=noexec; fi
    fi
    rm -f "$t/try"
    [ "$made" ] && rmdir "$made"
    [ "$made" ] && t=$parent
    echo "place $p $s $t"
    looked="$looked $t"
    ${wantsAll ? '' : '[ $s = ok ] && break'}
  done
fi

${start('space')}
[ "$looked" ] && df -kP $looked 2>/dev/null
${start('files')}
for p in $all; do is_ours "$p" && { echo "in $p"; ls -ln "$p"; }; done 2>/dev/null
${start('sums')}
echo "$sums"
${start('checked-node')}
[ "$list" ] && head -n 1 "$list/checked-node" 2>/dev/null
${start('runs')}
[ "$list" ] && ls "$list/run" 2>/dev/null
`;
}
