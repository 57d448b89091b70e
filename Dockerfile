# One image for every role: `pausenet lab`, `meter`, `verifier`, and `net init` for the keys.
# With the internet: `docker compose build`. Without it: put wheels into docker/wheelhouse and set
# BASE_IMAGE and PIP_NO_INDEX=1 (see docs/how-to/run-in-containers.md).
ARG BASE_IMAGE=python:3.12-slim

FROM ${BASE_IMAGE} AS build
ARG PIP_NO_INDEX=
COPY docker/wheelhouse/ /wheelhouse/
COPY pyproject.toml README.md LICENSE LIMITATIONS.md /src/
COPY pausenet/ /src/pausenet/
COPY sims/ /src/sims/
RUN python3 -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --find-links /wheelhouse /src

FROM ${BASE_IMAGE}
# A named volume takes its owner from the directory that it is first mounted on, so there is one
# for each participant (where `init` mounts them) and one for a node's own.
ARG PARTICIPANTS
COPY --from=build /venv /venv
RUN mkdir -m 0700 /net \
 && for id in ${PARTICIPANTS}; do mkdir -p -m 0700 "/volumes/${id}"; done \
 && if [ -d /volumes ]; then chown -R 10001:10001 /volumes; fi \
 && chown 10001:10001 /net
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    NO_COLOR=1 HOME=/tmp
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["/venv/bin/pausenet"]
CMD ["--help"]
