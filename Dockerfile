# docker build -t status-monitor . && docker run -p 5000:5000 status-monitor
# One image with all programs; scripts/run starts them. README.md, "In a container", says what it asks and takes.

ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
COPY scripts/install-deps /src/scripts/
RUN /src/scripts/install-deps build
COPY . /src
RUN make -C /src -j"$(nproc)" CXXFLAGS=-O2 install DESTDIR=/out

# What seldom changes.
FROM ${BASE} AS runtime
COPY scripts/install-deps /tmp/
RUN /tmp/install-deps run && rm -rf /tmp/install-deps /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log && \
    useradd --uid 10001 --user-group --home-dir /var/lib/status-monitor --shell /usr/sbin/nologin status-monitor && \
    install -d -o status-monitor -g status-monitor -m 700 /var/lib/status-monitor /run/status-monitor

# Everything but the user. Only platforms whose volumes belong to root (scripts/deploy/fly.toml) start this stage: scripts/run then
# takes the volume over and goes on as $RUN_AS.
FROM runtime AS started-as-root
LABEL org.opencontainers.image.title="status-monitor" \
      org.opencontainers.image.description="Takes webhooks of status pages, keeps them, and hands them on" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /out/ /
COPY scripts/run /usr/local/bin/status-monitor
ENV RUN_DIR=/var/lib/status-monitor CONFIG_DIR=/etc/status-monitor RUN_AS=status-monitor \
    STATUS_RECEIVER_HOST=0.0.0.0 STATUS_STORE_HOST=0.0.0.0 LANG=C.UTF-8
VOLUME /var/lib/status-monitor
EXPOSE 5000 5001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["status-monitor", "--health"]
ENTRYPOINT ["status-monitor"]

FROM started-as-root
USER 10001:10001
