#!/bin/sh
# What WeasyPrint draws with, for PDFs of keepsake books, and the account that all runs as.
set -eu
apt-get update
apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 postgresql-client
rm -rf /var/lib/apt/lists/*
groupadd --system --gid 10001 best-stuff
useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin best-stuff
install -d -m 0700 -o best-stuff -g best-stuff /data /etc/best-stuff /backups
