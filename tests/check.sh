# What shell suites share: counting, and a lab in a process of its own. Source it, end with `summary`.
set -u
pcpscope=${PCPSCOPE:-./pcpscope}
tmp=$(mktemp -d)
passed=0 failed=0 lab_pid=
export XDG_STATE_HOME=$tmp/state
trap 'stop_lab; rm -rf "$tmp"' EXIT

# check NAME COMMAND...: passes when the command succeeds; its output is shown when it does not. The output of
# the check before is in $tmp/last.out.
check()
{
	local name=$1
	shift
	mv "$tmp/check.out" "$tmp/last.out" 2>/dev/null
	if "$@" >"$tmp/check.out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s\n' "$name"
		head -n 20 "$tmp/check.out" | sed 's/^/        /'
	fi
}

# same WANTED GOT
same() { [ "$1" = "$2" ] || { printf 'not "%s" but "%s"\n' "$1" "$2"; false; }; }
# has FILE TEXT
has() { grep -qF -- "$2" "$1" || { printf 'no "%s" in:\n' "$2"; cat "$1"; false; }; }

# until_true WHAT COMMAND...: waits until the command succeeds. A minute is for what never does, however busy
# the machine is.
until_true()
{
	local i
	for ((i = 0; i < 1200; i++)); do
		"${@:2}" >/dev/null 2>&1 && return
		sleep 0.05
	done
	echo "FAILED: $1 did not come"
	cat "$tmp"/*.out
	exit 1
}

# Starts a lab on a free port; $lab is its address. Words configure it.
start_lab()
{
	rm -f "$tmp/lab.out" # what the one before said
	"$pcpscope" --no-save serve "${1:-127.0.0.1:0}" ${2:+"$2"} >"$tmp/lab.out" 2>&1 &
	lab_pid=$!
	until_true 'the lab' grep -q '^serving on ' "$tmp/lab.out"
	lab=$(sed -n 's/^serving on //p' "$tmp/lab.out")
}

stop_lab()
{
	[ -z "$lab_pid" ] || { kill "$lab_pid"; wait "$lab_pid"; } 2>/dev/null
	lab_pid=
}

summary()
{
	echo "$passed passed, $failed failed"
	[ $failed = 0 ]
	exit
}
