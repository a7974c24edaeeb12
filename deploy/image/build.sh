#!/bin/sh
# In /srv/best-stuff: the packages of the lock, the translations, and the styles, scripts and fonts. The settings here
# are only for collectstatic, which opens neither the database nor Redis; none of them stays in the image.
set -eu
apt-get update
apt-get install --yes --no-install-recommends gettext
python3 -m venv .venv
.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
for po in locale/*/LC_MESSAGES/*.po; do msgfmt -o "${po%.po}.mo" "$po"; done
DEBUG=1 STATIC_ROOT=/srv/best-stuff/static-root .venv/bin/python manage.py collectstatic --no-input --verbosity 0
