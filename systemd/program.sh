# shellcheck shell=bash
# Read by install.sh, whose names it uses: the version to install, in a virtual environment of its own.
# shellcheck disable=SC2154  # bundle, screen, scratch and the lists are install.sh's

readonly NEEDED_MB=700 # of a version, with room for pip to unpack

of_manifest() { sed -n "s/^$1 = \"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$source/manifest.toml"; }

check_bundle() {
    local odd
    say "checking the bundle"
    [[ -f "$source/manifest.toml" && -f "$source/SHA256SUMS" ]] || fail "$bundle is no bundle of make bundle."
    [[ "$(of_manifest format)" == 1 ]] || fail "$bundle is of another format than this install.sh: use the one that is in it."
    (cd "$source" && sha256sum --quiet --strict --check SHA256SUMS >&2) ||
        fail "$bundle is damaged: what is listed above is not what was packed. Copy it again."
    odd=$(cd "$source" && find . ! -type d ! -path ./SHA256SUMS -printf '%P\n' | sort |
        comm -23 - <(cut -c67- SHA256SUMS | sort) | head -n 3)
    [[ -z "$odd" ]] || fail "$bundle holds what its list does not name (${odd//$'\n'/, }): somebody changed it. Copy it again."
}

# Sets `source`: the folder with manifest.toml and the wheels.
open_bundle() {
    source=$bundle
    if [[ -f "$bundle" ]]; then
        source=$scratch/bundle
        mkdir "$source"
        tar -xf "$bundle" -C "$source" --no-same-owner --no-same-permissions 2>/dev/null ||
            fail "$bundle cannot be unpacked: it is no bundle, it is damaged, or the disk is full. Copy it again."
    fi
    check_bundle
}

# Sets `source`: a copy of what makes up the program, without what building left in the tree before.
copy_tree() {
    local name
    [[ -f "$ROOT/pyproject.toml" ]] || fail "$ROOT holds no kiosk to install: run systemd/install.sh of the repository, or of a bundle."
    source=$scratch/plumbline
    mkdir "$source"
    for name in pyproject.toml README.md LICENSE kiosk models plugins docs systemd; do cp -R "$ROOT/$name" "$source/"; done
    find "$source" \( -name __pycache__ -o -name '*.egg-info' -o -name build \) -prune -exec rm -rf {} +
}

# The version and what is in it: a changed program gets a folder of its own, and the one that runs stays whole.
build_of_tree() {
    local version digest
    version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" | head -n 1)
    digest=$(cd "$source" && find . -type f ! -path './docs/*' ! -path './systemd/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
    printf '%s+%s' "$version" "${digest:0:8}"
}

python_tag() { python3 -c 'import sys; print("cp%d%d" % sys.version_info[:2])'; }

# Fills `what` with pip's words for the program.
choose_what() { # $1 tag of the Python
    local machine plugin list
    machine=$(uname -m)
    if [[ -n "$bundle" ]]; then
        list=$source/requirements/$1-$machine.txt
        [[ -f "$list" ]] || fail "$bundle is not for this machine ($1-$machine); it is for: $(
            find "$source/requirements" -name '*.txt' -printf '%f ' | sed 's/\.txt//g'
        )"
        what=(--no-index --find-links "$source/wheels" --requirement "$list")
        return
    fi
    what=("$source")
    if [[ "$machine" != aarch64 && "$machine" != x86_64 ]]; then
        # 32 bits: only tflite-runtime has wheels there, and only for Python 3.11.
        [[ "$1" == cp311 ]] || fail "on 32-bit systems the pose model runs with Python 3.11 (bookworm) alone. Use a 64-bit Raspberry Pi OS."
        what=("${source}[tflite]")
    fi
    for plugin in "$source"/plugins/*/; do what+=("$plugin"); done
    # bookworm's picamera2 was built for NumPy 1, and a newer one in the virtual environment breaks it.
    if [[ "$1" == cp311 ]]; then
        printf 'numpy<2\nopencv-python-headless<5\n' >"$scratch/constraints.txt"
        what+=(--constraint "$scratch/constraints.txt")
    fi
}

check_room() {
    local free_mb
    free_mb=$(df -Pm "$PROGRAM" | awk 'NR == 2 { print $4 }')
    ((free_mb >= NEEDED_MB)) || fail "the disk has $free_mb MB free, and a version of the kiosk needs about $NEEDED_MB MB. Make room, then run this again."
}

# A virtual environment of its own for each version; `current` leads to the one that runs.
install_program() {
    local build tag place what=() before
    tag=$(python_tag)
    case $tag in cp311 | cp312 | cp313) ;; *) fail "the kiosk needs Python 3.11 to 3.13, and this system has ${tag#cp}." ;; esac
    if [[ -n "$bundle" ]]; then build=$(of_manifest build); else build=$(build_of_tree); fi
    [[ "$build" =~ ^[0-9][0-9A-Za-z.]*\+[0-9a-f]+$ ]] || fail "the version to install cannot be told: is ${bundle:-$ROOT} whole?"
    place=$PROGRAM/versions/$build
    if [[ -e "$place/complete" ]]; then
        say "version $build is there"
    else
        choose_what "$tag"
        check_room
        fill_version "$place"
    fi
    before=$(readlink "$PROGRAM/current" || true)
    [[ "$before" != "versions/$build" ]] || return 0
    # The one that ran until now is kept for `kiosk update --back`; older ones go.
    if [[ -n "$before" ]]; then link_to "$before" "$PROGRAM/previous"; fi
    link_to "versions/$build" "$PROGRAM/current"
    find "$PROGRAM/versions" -mindepth 1 -maxdepth 1 ! -name "$build" ! -name "${before##*/}" -exec rm -rf {} +
}

# A link is never missing for a moment: the new one is renamed over the old.
link_to() { # $1 what it leads to, $2 the link
    ln -sfn "$1" "$2.next"
    mv -T "$2.next" "$2"
}

fill_version() { # $1 its folder; `what` are pip's words
    local venv=$1/venv
    say "installing version ${1##*/} (some minutes on a Pi)"
    rm -rf "$1"
    mkdir -p "$1"
    # The system's own packages show through: lgpio and picamera2 exist only there.
    python3 -m venv --system-site-packages "$venv" ||
        fail "the virtual environment $venv could not be made (see above). Is python3-venv installed?"
    "$venv/bin/python" -m pip --quiet --disable-pip-version-check --no-input --no-cache-dir install "${what[@]}" </dev/null ||
        fail "pip could not install the kiosk (see above). Check the network and the free space, then run this again."
    # Whatever is not compiled now is compiled at every start: the service may not write here.
    "$venv/bin/python" -m compileall -q "$venv/lib" >/dev/null || true # some packages ship files for other Pythons
    if [[ -n "$bundle" ]]; then cp -R "$source/manifest.toml" "$source/visit" "$1/"; fi
    # Its own units too: going back to a version takes them back.
    cp -R "$source/docs" "$source/systemd" "$1/"
    chmod -R go+rX,go-w "$1"
    sync -f "$1"
    touch "$1/complete"
    sync -f "$1"
}
