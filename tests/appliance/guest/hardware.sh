#!/usr/bin/env bash
# Test only: what a Raspberry Pi has and this machine lacks. A GPIO header of 54 lines under a Pi's label, a virtual
# camera, and the revision of a Pi 4B at the end of /proc/cpuinfo (kiosk.service.d/appliance-test.conf puts it there).
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")

pins() {
    local header=/sys/kernel/config/gpio-sim/pi/header
    modprobe configfs
    mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
    grep -q '^gpio_simx ' /proc/modules || insmod "$here/gpio-simx.ko"
    [[ -d $header ]] && return
    mkdir -p "$header"
    echo 54 >"$header/num_lines"
    echo pinctrl-bcm2711 >"$header/label"
    echo 1 >/sys/kernel/config/gpio-sim/pi/live
}

no_pins() {
    echo 0 >/sys/kernel/config/gpio-sim/pi/live
    rmdir /sys/kernel/config/gpio-sim/pi/header /sys/kernel/config/gpio-sim/pi
}

camera() { # $1: the number that it comes back under
    modprobe -a videodev videobuf2-v4l2 videobuf2-vmalloc
    insmod "$here/v4l2loopback.ko" video_nr="$1" card_label=gym exclusive_caps=1 max_buffers=4
    udevadm settle
    systemctl start appliance-feeder.service
}

no_camera() {
    systemctl stop appliance-feeder.service
    # The kiosk lets go of a camera that is gone within seconds, as it must: until then the module is in use.
    for _ in {1..120}; do
        rmmod v4l2loopback 2>/dev/null && return
        sleep 0.5
    done
    echo "the camera cannot be pulled: somebody holds it" >&2
    return 1
}

revision() {
    cat /proc/cpuinfo >/run/cpuinfo
    printf 'Revision\t: c03114\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n' >>/run/cpuinfo
}

case "${1:-all}" in
    all) revision && pins && camera 10 ;;
    pins) pins ;;
    no-pins) no_pins ;;
    camera) camera "$2" ;;
    no-camera) no_camera ;;
    *)
        echo "hardware.sh: unknown word $1" >&2
        exit 1
        ;;
esac
