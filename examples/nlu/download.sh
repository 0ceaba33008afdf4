#!/bin/sh
# SNIPS' intents from the public benchmark, at a pinned commit, checked: download.sh FOLDER
set -eu
folder=$1/snips
base=https://raw.githubusercontent.com/sonos/nlu-benchmark/b86ac7f1577868c42158d0dec77db50956046696
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
cut -c67- "$here/snips.sha256" | while read -r file; do
    intent=${file#*_}
    intent=${intent%_full.json}
    intent=${intent%.json}
    [ -f "$folder/$file" ] ||
        curl -fsSL --retry 3 -o "$folder/$file" "$base/2017-06-custom-intent-engines/$intent/$file"
done
cd "$folder" && sha256sum --check --quiet "$here/snips.sha256"
