# A Debian of its own for the scripts of tests/everywhere, made with debootstrap: what they install stays in it.
# Source it behind check.sh. As root, like debootstrap.

# debian_root FOLDER: a copy of a minimal Debian, which is made once and kept in the build folder.
debian_root()
{
	local base=.build/root-bookworm
	if [ ! -e "$base" ]; then
		rm -rf "$base.new"
		debootstrap --variant=minbase bookworm "$base.new" || return
		chroot "$base.new" apt-get clean && mv "$base.new" "$base" || return
	fi
	cp -a --reflink=auto "$base" "$1" && cp -L /etc/resolv.conf "$1/etc/resolv.conf"
}

# inside FOLDER COMMAND: in that root, with processes and mounts that end with it.
inside()
{
	unshare --mount --pid --fork --kill-child --mount-proc="$1/proc" chroot "$1" env -i HOME=/root TERM=xterm-256color \
		PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive sh -c "$2"
}
