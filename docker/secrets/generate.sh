#!/bin/bash
# Makes the secrets that are missing. See README.md.
set -euo pipefail
umask 022
folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${1:-$folder}"
mkdir -p "$folder"
chmod 700 "$folder"
for name in postgres_password db_password admin_password; do
    file="$folder/$name"
    if [ -e "$file" ]; then
        echo "$name: already there, kept"
        continue
    fi
    # 24 bytes in base 64 without signs that a URL or a shell would read otherwise.
    head -c 24 /dev/urandom | base64 -w 0 | tr '+/' '-_' > "$file.partial"
    mv "$file.partial" "$file"
    echo "$name: made"
done
