/** Ahead of everything else in the guardian's command line, so that people and `ps` know it. */
export const guardianMark = "mcp-lifecycle guardian";

/**
 * What the guardian is while it waits: a POSIX shell that reads lines from the gateway and does nothing until the pipe ends, which is the
 * kernel's word that the gateway is gone. Then it looks whether a record is left, and only then becomes the reaper; after a clean end it
 * just exits. A process of node that waits would cost a hundred times the memory.
 *
 * What the gateway itself inherited open, it closes as far as a shell can: somebody may wait for the end of it.
 *
 * Arguments: node, the reaper's program, the gateway's pid and start time, folders. Lines: `folder <path>`: more records to look after. `within <seconds>`:
 * from now on a `beat` has to come in that time, or the gateway is killed. `sh` can only read without a limit of time, so that a `sleep` beside
 * it counts, and is replaced at each beat; who counted to the end asks whether its guardian still is the one that it counted for. It is stopped
 * by a signal that nobody ignores: one that came before its trap would be lost, and the reaper would wait for the sleep. The gateway's PATH need not
 * have a `sleep`.
 */
export const guardianScript = `: ${guardianMark};
trap '' HUP INT QUIT TERM PIPE ALRM USR1 USR2 TSTP TTIN TTOU
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
node=$1 reaper=$2 pid=$3 start=$4
shift 4
within= timer= stopped=
still() {
  [ -z "$timer" ] || { kill -VTALRM "$timer"; wait "$timer"; } 2>/dev/null
  timer=
}
count() {
  still
  [ -z "$within" ] && return
  (
    trap 'stopped=1' VTALRM
    PATH=/usr/bin:/bin:$PATH sleep "$within" &
    sleep=$!
    trap 'kill -KILL "$sleep" 2>/dev/null; exit' VTALRM
    [ -z "$stopped" ] || { kill -KILL "$sleep"; exit; }
    wait "$sleep" && exec "$node" "$reaper" kill "$pid" "$start" "$$"
  ) &
  timer=$!
}
while IFS= read -r line; do
  case $line in
    beat) count ;;
    "within "*) within=\${line#within }; count ;;
    "folder "*) set -- "$@" "\${line#folder }" ;;
  esac
done
still
for folder do
  for record in "$folder"/*.json; do
    [ -e "$record" ] && exec "$node" "$reaper" reap "$pid" "$start" "$@"
  done
done
exit 0`;
