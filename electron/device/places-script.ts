/**
 * Looks at every place the private directory may be in, as whoever runs it. A place that holds Sonde already ends the
 * search: the second connect must be quick, and each program started on a small box takes 20 ms.
 */
import { type DeviceSection, sectionStart } from './sections.ts';

const start = (section: DeviceSection) => `echo "${sectionStart(section)}"`;

/** A directory, not a link, of our own ($u is our user id), open to nobody else. */
export const IS_OURS = `
is_ours() {
  [ -d "$1" ] || return 1
  [ -L "$1" ] && return 1
  set -- $(ls -ldn "$1")
  [ "$3" = "$u" ] || return 1
  case $1 in drwx------*) return 0 ;; esac
  return 1
}`;

/** In the order of preference. `cache` is the place in the home directory. */
export function placeList(cache: string): string {
  return `/var/lib/sonde ${cache} /var/tmp/sonde-$u /opt/sonde /run/sonde /dev/shm/sonde-$u /tmp/sonde-$u`;
}

/** Some sudo keep the HOME of the user who calls: what root runs must not lie where that user can swap it. */
export const OWN_HOME = '[ -O "$HOME" ] || HOME=/root';

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
${OWN_HOME}
cache="$HOME/.cache"
[ -d "$cache" ] && cache="$cache/sonde" || cache="$HOME/.sonde"
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
      if [ -d "$parent" ]; then t=$parent/.sonde-try-$$; made=$t; else echo "place $p absent /"; continue; fi
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
