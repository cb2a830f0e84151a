#!/bin/sh
# Copy a home while nothing in it changes: backup.sh HOME TARGET. What is kept lies in TARGET/kept; keys that can be erased lie in TARGET/secret,
# for 30 days, because a key that is erased here must not live on there. The sealer's and the witnesses' own folders are not in it: one of an
# older day would believe an older log. Of the sealer's key a copy is kept offline.
set -eu
umask 077
home=$1
target=$2
python=${LAWGATE_PYTHON:-/opt/lawgate/bin/python}
day=$(date -u +%Y-%m-%dT%H%M%SZ)
kept=$target/kept
secret=$target/secret
mkdir -p "$kept" "$secret"
rm -rf "$kept"/.half "$secret"/.half
mkdir "$kept/.half" "$secret/.half"
# The locks that every writer takes, in the order in which they take them. They end with this process.
exec 8>>"$home/receiving" 9>>"$home/lock"
flock 8
flock 9
if [ -n "${LAWGATE_DATABASE_URL:-}" ]; then
    # Which database, PGSERVICE says (libpq's service file): a URL on the command line would show its password to every user.
    : "${PGSERVICE:?name the database of LAWGATE_DATABASE_URL in a service file, and the service in PGSERVICE}"
    pg_dump --format=custom --file="$kept/.half/memory.dump"
else
    "$python" -c 'import sqlite3, sys; sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).backup(sqlite3.connect(sys.argv[2]))' \
        "$home/lawgate.sqlite3" "$kept/.half/lawgate.sqlite3"
fi
for part in lawgate.toml terms.txt policy policy.signed roots ledger shards originals; do
    [ ! -e "$home/$part" ] || cp -a "$home/$part" "$kept/.half/"
done
if [ -e "$home/sealer/public" ]; then
    mkdir "$kept/.half/sealer"
    cp -a "$home/sealer/public" "$kept/.half/sealer/"
fi
for part in keys vault subjects; do
    [ ! -e "$home/$part" ] || cp -a "$home/$part" "$secret/.half/"
done
flock -u 9
flock -u 8
# What a copy means to outlive, it must be on the disk for: a copy under its last name is whole.
sync -f "$kept/.half" "$secret/.half"
mv "$secret/.half" "$secret/$day"
mv "$kept/.half" "$kept/$day"
find "$secret" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
