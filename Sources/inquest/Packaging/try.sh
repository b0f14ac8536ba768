#!/bin/sh
# Installs the Debian package of a folder into a bare root that holds only what the package declares, uses it and removes it. As root.
#
#     try.sh FOLDER
set -eu
folder=$(cd "$1" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
(cd "$folder" && sha256sum -c --quiet SHA256SUMS)
debootstrap --variant=minbase bookworm "$root" >"$folder/debootstrap.log"
cp "$folder"/inquest_*.deb "$root/tmp/"
chroot "$root" sh -euc '
  apt-get install -y --no-install-recommends /tmp/inquest_*.deb >/dev/null
  cd /tmp
  inquest simulate race --seed 1 --faults none -o race --quiet
  inquest analyze race --quiet | grep -q stale-plan-overwrite
  inquest query race --saved last-writer --quiet | grep -q writer
  test -s /usr/share/man/man1/inquest.1.gz && test -s /usr/share/bash-completion/completions/inquest
  apt-get remove -y inquest >/dev/null
  ! command -v inquest && ! ls /usr/share/man/man1/inquest.1.gz 2>/dev/null'
echo "installed, used and removed"
