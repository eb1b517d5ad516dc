# shellcheck shell=bash
# Read by install.sh, whose names it uses: the Debian packages.
# shellcheck disable=SC2154  # bundle, screen, scratch and the lists are install.sh's

# Without the first table there is no kiosk; without the others a part of it is missing, and which one is said.
# shellcheck disable=SC2034  # the tables are read by their names, in want_packages
readonly -A NEEDED=(
    [python3]="the kiosk"
    [python3-venv]="the kiosk"
)
# shellcheck disable=SC2034
readonly -A USEFUL=(
    [python3-lgpio]="LEDs and button on the pins"
    [python3-picamera2]="cameras on the ribbon cable (CSI)"
    [avahi-daemon]="the name under which phones find the kiosk"
    [espeak-ng]="speech where the browser has no voice"
    [fonts-dejavu-core]="the letters of other languages"
    [v4l-utils]="names and settings of USB cameras"
)
# shellcheck disable=SC2034
readonly -A SCREEN=(
    [chromium]="the screen"
    [cage]="the screen; labwc will do too"
    [wlr-randr]="a screen that goes dark when nobody is there"
    [libpam-systemd]="the screen"
    [kbd]="the screen"
)

is_installed() { [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }
is_known() { apt-cache policy "$1" 2>/dev/null | grep -q '^ *Candidate: [^(]'; }

missing=()   # what could not be installed, each with what that means
forgotten=() # the names of those alone

miss() { # $1 package, $2 name of its table
    local -n meaning=$2
    missing+=("$1 (${meaning[$1]})")
    forgotten+=("$1")
}

# Whether another package that is here does the same.
is_covered() {
    case $1 in
        cage) is_installed labwc ;;
        chromium) is_installed chromium-browser ;;
        *) return 1 ;;
    esac
}

# Installs those packages of a table that are not there, and keeps in mind which could not be had.
want_packages() { # $1 name of the table
    local wanted=() package
    local -n table=$1
    for package in "${!table[@]}"; do
        if is_installed "$package" || is_covered "$package"; then
            continue
        elif [[ -z "$bundle" ]] && is_known "$package"; then
            wanted+=("$package")
        else
            miss "$package" "$1"
        fi
    done
    ((${#wanted[@]})) || return 0
    say "installing Debian packages: ${wanted[*]}"
    if DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${wanted[@]}" </dev/null >/dev/null; then
        printf '%s\n' "${wanted[@]}" >>"$PACKAGES_LIST"
    else
        for package in "${wanted[@]}"; do miss "$package" "$1"; done
    fi
}

install_packages() {
    if [[ -z "$bundle" ]] && ! apt-get -qq update; then
        say "the lists of packages could not be fetched; trying with those that are here"
    fi
    want_packages NEEDED
    ((${#missing[@]} == 0)) ||
        fail "without ${forgotten[*]} there is no kiosk. With a network: apt install ${forgotten[*]}; then run this again."
    want_packages USEFUL
    [[ -z "$screen" ]] || want_packages SCREEN
}
