# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /src
# Whatever is downloaded is checked against its hash here; the rest installs from that, offline.
COPY requirements.lock .
RUN pip download --no-cache-dir --require-hashes --requirement requirements.lock --dest /wheels
COPY pyproject.toml README.md ./
COPY registry registry
COPY projections projections
COPY discovery discovery
COPY api api
RUN python -m venv /opt/registry \
 && /opt/registry/bin/pip install --no-cache-dir --no-index --find-links /wheels .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home registry \
 && install --directory --owner registry --mode 0700 /data
COPY --from=build /opt/registry /opt/registry
ENV PATH=/opt/registry/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    REGISTRY_DATA_DIR=/data
WORKDIR /app
COPY mock_data/templates mock_data/templates
USER registry
EXPOSE 8000
CMD ["python", "-m", "api", "serve"]
