#!/usr/bin/env bash
# Run once by PostgreSQL's image, on an empty data folder: the account that owns the database, the one with which the
# site runs, and the extensions they need, so that neither holds a superuser's rights.
set -euo pipefail

psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$PARVIS_DB_PASSWORD" \
  --set=app_password="$PARVIS_APP_DB_PASSWORD" --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
CREATE ROLE parvis LOGIN PASSWORD :'password';
CREATE ROLE parvis_app LOGIN PASSWORD :'app_password';
CREATE DATABASE parvis OWNER parvis;
\connect parvis
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE EXTENSION btree_gist;
SQL
