#!/usr/bin/env bash
# Turns a Raspberry Pi OS (bookworm or trixie; any Debian will do) into a kiosk that starts by itself.
#
#   sudo systemd/install.sh [--bundle FILE] [--no-screen] [--name NAME]   install, bring up to date, or mend: harmless twice
#   sudo systemd/install.sh --uninstall                                   take all of it away but the data that it names
#   sudo systemd/install.sh --files                                       only units, rules and screen; nothing is restarted
#
# --bundle FILE   what `make bundle` made: nothing is fetched from a network (an unpacked bundle's own install.sh needs
#                 no --bundle)
# --no-screen     a kiosk without a screen of its own: no browser is installed
# --name NAME     the name in the network, NAME.local; without it the machine keeps its own, unless that is the
#                 "raspberrypi" that every Pi has: then it is called kiosk
#
# Everything that is put into the system is written down in /opt/kiosk/installed, which is what --uninstall reads.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE ROOT=${HERE%/*}
readonly PROGRAM=/opt/kiosk CONFIG=/etc/kiosk STATE=/var/lib/kiosk
readonly FILES_LIST=$PROGRAM/installed FOLDERS_LIST=$PROGRAM/folders
readonly PACKAGES_LIST=$PROGRAM/packages USERS_LIST=$PROGRAM/users
readonly OLD_NAME=$PROGRAM/name-before OLD_DISPLAY_MANAGER=$PROGRAM/display-manager-before
readonly UNITS=(
    kiosk.service kiosk-browser.service kiosk-backup.service kiosk-backup.timer kiosk-retry.timer kiosk-update.service
)
say() { printf 'install: %s\n' "$*"; }
fail() {
    printf 'install: %s\n' "$*" >&2
    exit 1
}
usage() { sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

# Inside an image that is being built no system manager runs: things are enabled, and start with the image.
is_running() { [[ -d /run/systemd/system ]]; }

# shellcheck source=systemd/packages.sh
. "$HERE/packages.sh"
# shellcheck source=systemd/program.sh
. "$HERE/program.sh"

# --- Files ------------------------------------------------------------------------------------------------------

# Makes a folder and those above it, and writes down which of them were not there.
make_folder() {
    [[ ! -d "$1" ]] || return 0
    make_folder "$(dirname "$1")"
    mkdir -m 0755 "$1"
    printf '%s\n' "$1" >>"$FOLDERS_LIST"
}

put() { # $1 mode, $2 file of ours, $3 where it goes
    make_folder "$(dirname "$3")"
    install -m "$1" "$HERE/$2" "$3"
    printf '%s\n' "$3" >>"$FILES_LIST.new"
}

install_files() {
    local unit old
    touch "$FOLDERS_LIST"
    : >"$FILES_LIST.new"
    put 0644 kiosk.sysusers /etc/sysusers.d/kiosk.conf
    put 0644 kiosk.tmpfiles /etc/tmpfiles.d/kiosk.conf
    put 0644 70-kiosk.rules /etc/udev/rules.d/70-kiosk.rules
    put 0644 watchdog.conf /etc/systemd/system.conf.d/kiosk-watchdog.conf
    put 0644 journald.conf /etc/systemd/journald.conf.d/kiosk.conf
    put 0644 avahi.xml /etc/avahi/services/kiosk.service
    put 0644 kiosk-power.rules /etc/polkit-1/rules.d/50-kiosk.rules
    put 0755 kiosk-command /usr/local/bin/kiosk
    put 0755 install.sh $PROGRAM/systemd/install.sh
    put 0644 packages.sh $PROGRAM/systemd/packages.sh
    put 0644 program.sh $PROGRAM/systemd/program.sh
    put 0755 screen/session $PROGRAM/screen/session
    put 0755 screen/browser $PROGRAM/screen/browser
    put 0644 screen/screen_watch.py $PROGRAM/screen/screen_watch.py
    put 0644 screen/waiting.html $PROGRAM/screen/waiting.html
    put 0644 screen/labwc/rc.xml $PROGRAM/screen/labwc/rc.xml
    if [[ -n "$screen" ]]; then
        put 0644 screen/policy.json /etc/chromium/policies/managed/kiosk.json
    fi
    for unit in "${UNITS[@]}"; do put 0644 "$unit" "/etc/systemd/system/$unit"; done
    # What an older version had put there and this one does not.
    while read -r old; do rm -f "$old"; done < <(sort "$FILES_LIST" | comm -23 - <(sort "$FILES_LIST.new"))
    mv "$FILES_LIST.new" "$FILES_LIST"
}

install_configuration() {
    if [[ -e $CONFIG/kiosk.toml ]]; then
        say "$CONFIG/kiosk.toml is kept as it is"
    else
        install -D -m 0640 "$HERE/kiosk.toml" $CONFIG/kiosk.toml
    fi
    [[ -e $CONFIG/screen.env ]] || install -m 0644 "$HERE/screen.env" $CONFIG/screen.env
}

make_users() {
    local name
    for name in kiosk kiosk-screen gpio render; do
        # Only what was not there before is ours to take away again.
        getent passwd "$name" >/dev/null || getent group "$name" >/dev/null || echo "$name" >>"$USERS_LIST"
    done
    systemd-sysusers /etc/sysusers.d/kiosk.conf
    systemd-tmpfiles --create /etc/tmpfiles.d/kiosk.conf
    limit_screen
}

check_name() {
    [[ -z "$name" || "$name" =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] ||
        fail "--name $name: a name in the network is of small letters, digits and hyphens, such as kiosk."
}

# Its number is chosen by the system, so this cannot go the way of the other files.
limit_screen() {
    local place
    place=/etc/systemd/system/user-$(id -u kiosk-screen).slice.d/kiosk.conf
    make_folder "${place%/*}"
    install -m 0644 "$HERE/screen-limits.conf" "$place"
    grep -qxF "$place" "$FILES_LIST" || printf '%s\n' "$place" >>"$FILES_LIST"
}

set_name() { # $1 the new name of the machine
    local old
    old=$(cat /etc/hostname 2>/dev/null || true)
    [[ "$1" != "$old" ]] || return 0
    say "this machine is called $1 now, in the network $1.local (it was ${old:-without a name})"
    [[ -e "$OLD_NAME" ]] || printf '%s\n' "$old" >"$OLD_NAME"
    rename_machine "$old" "$1"
}

rename_machine() { # $1 from, $2 to
    printf '%s\n' "$2" >/etc/hostname
    if [[ -n "$1" && -f /etc/hosts ]]; then sed -i "s/^\(127\.0\.1\.1[[:space:]].*\)\b$1\b/\1$2/" /etc/hosts; fi
    if is_running; then
        hostname "$2"
        systemctl try-restart --quiet avahi-daemon.service || true # it may be missing, which is said elsewhere
    fi
}

# A desktop would hold the screen that the kiosk's browser needs.
take_the_screen() {
    local link=/etc/systemd/system/display-manager.service unit
    [[ -L "$link" ]] || return 0
    unit=$(basename "$(readlink "$link")")
    say "the desktop ($unit) gives way to the kiosk's screen; --uninstall brings it back"
    printf '%s\n' "$unit" >"$OLD_DISPLAY_MANAGER"
    systemctl disable --quiet "$unit"
    if is_running; then systemctl stop "$unit"; fi
}

has_screen() {
    [[ -n "$screen" ]] && { command -v cage || command -v labwc; } >/dev/null &&
        { command -v chromium || command -v chromium-browser; } >/dev/null
}

enable_units() {
    wanted=(kiosk.service kiosk-backup.timer kiosk-update.service)
    if has_screen; then
        take_the_screen
        wanted+=(kiosk-browser.service)
    else
        systemctl disable --quiet kiosk-browser.service 2>/dev/null || true
    fi
    systemctl enable --quiet "${wanted[@]}"
    is_running || return 0
    systemctl daemon-reload
    systemctl try-restart systemd-journald.service
    udevadm control --reload
    udevadm trigger --subsystem-match=video4linux --subsystem-match=gpio --settle || true # none of them may be there
}

# --- The two ways -----------------------------------------------------------------------------------------------

as_kiosk() { /usr/local/bin/kiosk "$@"; }

ask_for_password() {
    as_kiosk trainer --help >/dev/null 2>&1 || return 0
    [[ ! -e $STATE/trainer.toml ]] || return 0
    if [[ -t 0 && -t 1 ]]; then
        say "the trainer's side of the pages needs a password of yours (Ctrl-C: later)"
        as_kiosk trainer password --config $CONFIG/kiosk.toml || say "none was set. Later: sudo kiosk trainer password"
    else
        say "the trainer's side of the pages is closed until you set a password: sudo kiosk trainer password"
    fi
}

tell_what_is_missing() {
    local entry
    ((${#missing[@]})) || return 0
    for entry in "${missing[@]}"; do say "missing: $entry"; done
    if [[ -n "$bundle" ]]; then
        say "a bundle holds no Debian packages. With a network: sudo apt install ${forgotten[*]}; then run this again."
    else
        say "this system's package lists do not have them, or apt failed (see above). What needs them stays out of use."
    fi
}

finish() {
    local found=0
    if ! is_running; then
        as_kiosk --version >/dev/null || fail "the program was installed and does not start (see above)."
        tell_what_is_missing
        say "done: $(as_kiosk --version). No system manager runs here: the kiosk starts with the next boot."
        return
    fi
    # The kiosk holds the camera while it runs: it is looked at first.
    systemctl stop kiosk.service
    say "what kiosk doctor says:"
    as_kiosk doctor --config $CONFIG/kiosk.toml || found=$?
    systemctl reset-failed "${wanted[@]}" 2>/dev/null || true
    systemctl restart "${wanted[@]}" || found=$?
    tell_what_is_missing
    ((found == 0)) || fail "installed, but something is wrong: mend what is marked WRONG above, then: sudo systemctl restart kiosk"
    say "done. The kiosk is at http://$(cat /etc/hostname).local:8080/ and on its screen."
}

install_all() {
    local now
    # shellcheck source=/dev/null
    . /etc/os-release
    case "${VERSION_CODENAME:-}" in
        bookworm | trixie) ;;
        *) say "${PRETTY_NAME:-this system} was not tried; Debian's and Raspberry Pi OS's bookworm and trixie were" ;;
    esac
    # Before anything is changed: a damaged bundle costs nothing.
    if [[ -n "$bundle" ]]; then open_bundle; else copy_tree; fi
    mkdir -p $PROGRAM
    touch "$FILES_LIST" "$FOLDERS_LIST" "$PACKAGES_LIST" "$USERS_LIST"
    install_packages
    install_program
    install_files
    install_configuration
    make_users
    now=$(cat /etc/hostname 2>/dev/null || true)
    if [[ -n "$name" ]]; then set_name "$name"; elif [[ "$now" == raspberrypi ]]; then set_name kiosk; fi
    enable_units
    ask_for_password
    finish
}

refresh_files() {
    [[ -f "$FILES_LIST" ]] || fail "there is no installation here to bring up to date: $FILES_LIST is missing."
    # A kiosk that was installed without a screen stays so.
    grep -q '^/etc/chromium/' "$FILES_LIST" || screen=''
    install_files
    make_users
    if is_running; then
        systemctl daemon-reload
        udevadm control --reload
    fi
}

uninstall() {
    local file user packages kept=()
    [[ -f "$FILES_LIST" ]] || fail "there is no installation here: $FILES_LIST is missing."
    if is_running; then
        systemctl stop "${UNITS[@]}" 2>/dev/null || true
        # What is left of the screen's session goes by itself, but later; a user with processes cannot be taken away.
        if id -u kiosk-screen >/dev/null 2>&1; then
            systemctl stop "user-$(id -u kiosk-screen).slice" "user@$(id -u kiosk-screen).service" 2>/dev/null || true
        fi
    fi
    systemctl disable --quiet "${UNITS[@]}" 2>/dev/null || true
    if [[ -f "$OLD_NAME" ]]; then rename_machine "$(cat /etc/hostname)" "$(cat "$OLD_NAME")"; fi
    if [[ -f "$OLD_DISPLAY_MANAGER" ]]; then systemctl enable --quiet "$(cat "$OLD_DISPLAY_MANAGER")" || true; fi
    mapfile -t packages < <(sort -u "$PACKAGES_LIST")
    while read -r file; do rm -f "$file"; done <"$FILES_LIST"
    # The deepest first; what somebody else has put something into by now stays.
    while read -r file; do
        rmdir --ignore-fail-on-non-empty "$file" 2>/dev/null || true # it may be gone
    done < <(grep -v "^$PROGRAM" "$FOLDERS_LIST" | sort -ru)
    while read -r user; do
        [[ "$user" != kiosk ]] || continue # owns the data that is kept
        userdel "$user" 2>/dev/null || groupdel "$user" 2>/dev/null || true
    done <"$USERS_LIST"
    rm -rf $PROGRAM /run/kiosk /run/kiosk-screen /var/lib/systemd/timers/stamp-kiosk-backup.timer
    if is_running; then
        systemctl daemon-reload
        systemctl reset-failed "${UNITS[@]}" 2>/dev/null || true
        udevadm control --reload
    fi
    for file in $STATE $CONFIG; do [[ ! -e "$file" ]] || kept+=("$file"); done
    say "the kiosk is gone. Kept, because it is yours:"
    say "  $STATE   results, the members' codes, the trainer's password, backups; the user kiosk, who owns them"
    say "  $CONFIG       the configuration"
    say "To delete that too: sudo rm -r ${kept[*]}; sudo userdel kiosk"
    if ((${#packages[@]})); then
        say "These Debian packages came with it, and others may use them by now. To remove them: sudo apt remove ${packages[*]}"
    fi
}

# --- The words on the command line ------------------------------------------------------------------------------

bundle='' screen=yes name='' way=install_all source='' scratch='' wanted=()

read_words() {
    while (($#)); do
        case "$1" in
            --bundle)
                [[ $# -ge 2 && -e "$2" ]] || fail "--bundle needs the file that make bundle made${2:+; $2 is not there}"
                bundle=$(realpath "$2")
                shift
                ;;
            --name)
                [[ $# -ge 2 ]] || fail "--name needs the name, such as: --name kiosk"
                name=$2
                shift
                ;;
            --no-screen) screen='' ;;
            --uninstall) way=uninstall ;;
            --files) way=refresh_files ;;
            --help | -h)
                usage
                exit 0
                ;;
            *) fail "unknown word '$1'; systemd/install.sh --help says what there is" ;;
        esac
        shift
    done
}

main() {
    read_words "$@"
    check_name
    [[ $EUID -eq 0 ]] || fail "this changes the system: run it with sudo."
    command -v systemctl >/dev/null || fail "there is no systemd here: this is for Raspberry Pi OS and other Debian systems."
    # The install.sh of an unpacked bundle.
    if [[ -z "$bundle" && -f "$ROOT/manifest.toml" ]]; then bundle=$ROOT; fi
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    umask 022
    "$way"
}

# The tests read this file for its functions.
if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
