#!/usr/bin/env bash
# as_arm64.sh QEMU COMMAND...: runs a command, as root, for which arm64 programs are programs like others.
#
# QEMU is a static qemu-aarch64. The kernel is told of it in a user and mount namespace of their own, so the host's list
# of foreign programs stays as it is, and nothing is left when the command has ended, in whatever way.
set -euo pipefail

fail() {
    printf 'as_arm64.sh: %s\n' "$*" >&2
    exit 1
}

qemu=$(realpath "$1")
shift
# It ends with this shell, even when that is killed.
unshare --user --mount setpriv --pdeathsig KILL sleep infinity &
holder=$!
trap 'kill "$holder"' EXIT
until [[ $(readlink "/proc/$holder/ns/user") != "$(readlink /proc/self/ns/user)" ]]; do
    kill -0 "$holder" || fail "this kernel allows no user namespace."
    sleep 0.05
done
# Every user is who it is outside: the files of the image get their real owners.
echo '0 0 65536' >"/proc/$holder/uid_map"
echo '0 0 65536' >"/proc/$holder/gid_map"

# The head of an ELF file for aarch64, and which of its bits count. F: the emulator is opened now, and so is found inside
# a chroot as well. P: programs get their own name, which a virtual environment's Python goes by.
head='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
inside=(nsenter --user --mount "--target=$holder" --)
programs=/proc/sys/fs/binfmt_misc
"${inside[@]}" mount -t binfmt_misc binfmt_misc $programs ||
    fail "this kernel has no list of foreign programs for a namespace alone: Linux 6.7 or newer has."
printf %s ":plumbline:M::$head:$mask:$qemu:PF" | "${inside[@]}" tee $programs/register >/dev/null
"${inside[@]}" "$@"
