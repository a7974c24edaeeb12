#!/bin/sh
# In /srv/best-stuff: the packages of the lock, the translations, and the styles, scripts and fonts. The settings here
# are only for collectstatic, which opens neither the database nor Redis; none of them stays in the image.
set -eu
apt-get update
apt-get install --yes --no-install-recommends gettext
python3 -m venv .venv
.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
for po in locale/*/LC_MESSAGES/*.po; do msgfmt -o "${po%.po}.mo" "$po"; done
# In production's manner, in which files have hashed names; of these settings collectstatic uses none.
STATIC_ROOT=/srv/best-stuff/static-root \
    SECRET_KEY=$(python3 -c "import secrets; print(secrets.token_urlsafe(64))") PUBLIC_BASE_URL=http://localhost \
    DATABASE_URL=postgres://localhost/none REDIS_URL=redis://localhost KEY_FILE=/nowhere/keys \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0
test -f static-root/staticfiles.json
# A checkout that was made for one account alone is readable to the one that all runs as.
chmod -R go+rX .
