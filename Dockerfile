# docker build --tag headrace:0.1.0 .
# The worker, without feeds: they are mounted at /feeds, or put there by config/deployment/Dockerfile. docs/deployment.md
# tells of it.
FROM --platform=$BUILDPLATFORM node:24.21.0-bookworm-slim AS built
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

# On the platform of the image: some packages bring binaries along, one for each.
FROM node:24.21.0-bookworm-slim AS packages
# Those that the sources of feeds need: s3 this one, and sqs @aws-sdk/client-sqs; sftp ssh2; gcs @google-cloud/storage;
# azure-blob @azure/storage-blob and @azure/identity.
ARG SDKS="@aws-sdk/client-s3@3.1175.0"
WORKDIR /opt/headrace
# hadolint ignore=DL3016,SC2086
RUN npm init --yes > /dev/null \
 && npm install --ignore-scripts --no-audit --no-fund $SDKS
WORKDIR /opt/headrace/worker
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY LICENSE ./
COPY starters starters
COPY --from=built /src/dist dist
RUN chmod 755 dist/src/cli/main.js

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Headrace" \
      org.opencontainers.image.description="Files into Apache Kafka, every row exactly once and in order" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
COPY --from=packages /opt/headrace /opt/headrace
COPY config/deployment/worker.yaml /etc/headrace/worker.yaml
# A new volume at /data is writable for the image's user, as the folder is that it covers.
RUN ln -s /opt/headrace/worker/dist/src/cli/main.js /usr/local/bin/headrace \
 && install --directory --owner=1000 --group=1000 /data
WORKDIR /feeds
# It owns nothing in the image but /data, and needs to write nowhere else.
USER 1000:1000
STOPSIGNAL SIGTERM
# Whether the process answers, not whether Kafka does: no restart would mend that.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8083/health').then(() => process.exit(0), () => process.exit(1))"]
# No ENTRYPOINT: what is run instead, such as headrace load, is a whole command.
CMD ["headrace", "run", "--feeds", "/feeds", "--worker", "/etc/headrace/worker.yaml"]
