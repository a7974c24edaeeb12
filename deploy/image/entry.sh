#!/bin/sh
# Starts what it is given. On a platform without a disk the key file comes from KEY_FILE_CONTENT, the lines that
# `manage.py keys show --reveal` prints: it is written where KEY_FILE says, in memory, and taken out of the environment.
set -eu
if [ -n "${KEY_FILE_CONTENT:-}" ]; then
    umask 077
    mkdir -p "$(dirname "$KEY_FILE")"
    rm -f "$KEY_FILE"
    printf '%s\n' "$KEY_FILE_CONTENT" > "$KEY_FILE"
    chmod 400 "$KEY_FILE"
    unset KEY_FILE_CONTENT
fi
exec "$@"
