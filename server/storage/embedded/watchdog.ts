// A shell that runs one server which must not outlive us: `/bin/sh -c <this> <name> <program> <arguments…>`, with a pipe as its input.

// Our end of the pipe closes when this process dies, however it dies: then the shell shuts the server down. The signal is
// repeated because one that comes before the server listens to signals is lost. Signals to the shell itself are outlived.
export const watchdog = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
(
  while read -r line <&3; do :; done
  trap 'kill "$pause"; exit' TERM
  tries=0
  while kill -INT "$server" 2>/dev/null && [ "$tries" -lt 120 ]; do
    tries=$((tries + 1))
    sleep 1 &
    pause=$!
    wait "$pause"
  done
) &
watch=$!
exec 3<&-
trap : HUP INT TERM
while :; do
  wait "$server"
  status=$?
  kill -0 "$server" 2>/dev/null || break
done
kill "$watch" 2>/dev/null
wait "$watch"
exit "$status"
`;
