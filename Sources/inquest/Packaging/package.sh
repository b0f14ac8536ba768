#!/bin/sh
# Makes an archive and a Debian package of a built program, with its manual and completions, and their checksums.
#
#     package.sh PROGRAM VERSION FOLDER
#
# The same program gives the same bytes: times are those of SOURCE_DATE_EPOCH (default 0), files are sorted and owned by root.
set -eu
program=$1
version=$2
mkdir -p "$3"
folder=$(cd "$3" && pwd)
: "${SOURCE_DATE_EPOCH:=0}"
export SOURCE_DATE_EPOCH
architecture=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# layout ROOT: the program and what goes with it below ROOT.
layout() {
  install -D -m 755 "$program" "$1/bin/inquest"
  strip "$1/bin/inquest"
  install -d "$1/share/man/man1" "$1/share/bash-completion/completions" "$1/share/zsh/vendor-completions" \
    "$1/share/fish/vendor_completions.d"
  "$program" manual | gzip -9n >"$1/share/man/man1/inquest.1.gz"
  "$program" completions bash >"$1/share/bash-completion/completions/inquest"
  "$program" completions zsh >"$1/share/zsh/vendor-completions/_inquest"
  "$program" completions fish >"$1/share/fish/vendor_completions.d/inquest.fish"
}

archive() {
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=ustar -C "$1" -c "$2" | gzip -9n
}

name=inquest-$version-linux-$(uname -m)
layout "$stage/$name"
archive "$stage" "$name" >"$folder/$name.tar.gz"

# The libraries that the program is linked with, by the packages that have them.
libraries=$(ldd "$program" | awk '$3 ~ /^\// { print $3 }' | while read -r file; do
  dpkg-query -S "$(readlink -f "$file")" 2>/dev/null || dpkg-query -S "*/$(basename "$file")" 2>/dev/null | head -n 1
done | sed 's/:.*//' | sort -u | paste -sd, | sed 's/,/, /g')
[ -n "$libraries" ] || { echo "error: the libraries of $program are of no package" >&2; exit 1; }

layout "$stage/deb/usr"
mkdir -p "$stage/deb/DEBIAN"
cat >"$stage/deb/DEBIAN/control" <<END
Package: inquest
Version: $version
Architecture: $architecture
Maintainer: Inquest
Depends: $libraries
Section: admin
Priority: optional
Description: postmortem log analyzer
 Reads an outage's logs, puts them in causal order, finds stale-plan overwrites
 and the onsets of backlogs, and writes the timeline.
END
find "$stage/deb" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$stage/deb" "$folder/inquest_${version}_$architecture.deb" >/dev/null
cd "$folder"
sha256sum "$name.tar.gz" "inquest_${version}_$architecture.deb" >SHA256SUMS
cat SHA256SUMS
