#!/bin/sh
# Installs what inquest is compared with into a folder of its own: install.sh FOLDER
# Whatever is not to be had is named and left out. Nothing outside the folder changes.
set -u
folder=$1
mkdir -p "$folder"

left_out() {
    echo "left out: $1 ($2)"
}

if python3 -m venv "$folder/python" >"$folder/log" 2>&1; then
    for package in duckdb chdb polars; do
        if "$folder/python/bin/pip" install -q --disable-pip-version-check "$package" >>"$folder/log" 2>&1; then
            echo "installed: $("$folder/python/bin/pip" list --format freeze | grep -i "^$package==")"
        else
            left_out "$package" "pip could not install it, see $folder/log"
        fi
    done
else
    left_out "duckdb, chdb, polars" "no python3 with venv, see $folder/log"
fi

# Debian's packages are unpacked, not installed; of what they need only what the system lacks is fetched.
for package in jq lnav; do
    if command -v "$package" >/dev/null; then
        echo "there already: $package"
        continue
    fi
    archives=$folder/archives
    mkdir -p "$archives/partial" "$folder/debian"
    if apt-get install -y --download-only --no-install-recommends -o "Dir::Cache::archives=$(realpath "$archives")" \
        -o Debug::NoLocking=1 "$package" >>"$folder/log" 2>&1; then
        for archive in "$archives"/*.deb; do dpkg-deb -x "$archive" "$folder/debian"; done
        echo "installed: $package"
    else
        left_out "$package" "apt-get could not fetch it, see $folder/log"
    fi
done
