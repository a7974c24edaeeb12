#!/bin/sh
# Installs Best Stuff from this checkout for systemd, and does the same work again at an upgrade. Run as root in
# /srv/best-stuff; docs/operations.md ("Ways to run it") says what comes before and after. No settings are
# touched; units are written anew, so what you change of one belongs in a drop-in (`systemctl edit`).
set -eu
cd "$(dirname "$0")/.."
here=$(pwd)
if [ "$here" != /srv/best-stuff ]; then
    echo "The units name /srv/best-stuff: put the checkout there, not in $here." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "Run this as root: it makes an account and installs units." >&2
    exit 1
fi
umask 022

# The account, and the folders that it alone can open.
getent passwd best-stuff >/dev/null || adduser --system --group --no-create-home --home /var/lib/best-stuff best-stuff
for folder in /etc/best-stuff /var/lib/best-stuff /var/backups/best-stuff /var/backups/best-stuff-keys; do
    install -d -m 0700 -o best-stuff -g best-stuff "$folder"
done

# The packages, exactly those of the lock, and the translations.
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
for po in locale/*/LC_MESSAGES/*.po; do msgfmt -o "${po%.po}.mo" "$po"; done

# A checkout that was made for one account alone is readable to the one that all runs as.
chmod -R go+rX .

install -m 0644 deploy/systemd/* /etc/systemd/system/
echo "Installed. Next: manage.py init, or at an upgrade migrate and collectstatic (docs/operations.md)."
