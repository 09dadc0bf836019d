# Not run here: no Docker engine was at hand when this was written. It calls only what `npm run build` does on any machine.

FROM node:22-bookworm-slim AS build
WORKDIR /assay
COPY . .
RUN npm run build

# The binary needs glibc and nothing else; the same Debian release as the build's, so that the glibc fits.
FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/assay --shell /usr/sbin/nologin assay \
 && install -d -o assay -g assay -m 0700 /var/lib/assay /var/lib/assay/tmp \
 && install -d -m 0755 /etc/assay
COPY --from=build /assay/dist/assay /usr/local/bin/assay
COPY LICENSE /usr/share/doc/assay/LICENSE
USER assay
# Native modules are unpacked here. Inside a container, 127.0.0.1 would be reachable by nobody: publish the port on the
# host's loopback (-p 127.0.0.1:8787:8787) unless others are to reach it.
ENV BUN_TMPDIR=/var/lib/assay/tmp \
    ASSAY_LISTEN=0.0.0.0:8787
VOLUME /var/lib/assay
EXPOSE 8787
ENTRYPOINT ["/usr/local/bin/assay"]
CMD ["serve"]
