#!/bin/sh
# Run once by PostgreSQL's own image: an ordinary role that owns its database and nothing else.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 <<'SQL'
\getenv password BEST_STUFF_PASSWORD
CREATE ROLE best_stuff LOGIN PASSWORD :'password';
CREATE DATABASE best_stuff OWNER best_stuff;
SQL
