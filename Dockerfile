# The host, as small as it gets with a C library: compiled in one image, run in another, never as root.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential libssl-dev make pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --locked --profile dist --package ilt-host --bin ilt-host --features kafka-tls

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/ilt --create-home ilt
COPY --from=build /src/target/dist/ilt-host /usr/local/bin/ilt-host
USER 10001
WORKDIR /var/lib/ilt
ENV ILT__HTTP__ADDRESS=0.0.0.0 ILT__LOG__FORMAT=json
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["ilt-host", "health"]
ENTRYPOINT ["ilt-host"]
CMD ["serve"]
