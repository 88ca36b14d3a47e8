# syntax=docker/dockerfile:1

# Built with everything, shipped with what is needed to run. No secret is used or stored in any layer: the keys, the
# configuration and the Twilio token come at run time, from volumes and the environment.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Scripts are off: no dependency needs one, and the package's own would build before the sources are here.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -f dist/.tsbuildinfo

FROM node:24-slim
LABEL org.opencontainers.image.title="chaperone" \
      org.opencontainers.image.description="The compliance proxy for voice agents" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
# The only places that are written to. They are volumes, so that the root file system can be read-only.
RUN install -d -m 0700 -o 1000 -g 1000 /etc/chaperone /var/lib/chaperone /var/lib/chaperone/audit /var/lib/chaperone/keys
VOLUME ["/etc/chaperone", "/var/lib/chaperone/audit", "/var/lib/chaperone/keys"]
# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 8443 9464
# Whether the process answers; whether it takes calls is /readyz. The port is that of listen.admin.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Garbage is collected in smaller pieces: a pause is one of all calls at once.
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/dist/server/main.js"]
CMD ["serve", "--config", "/etc/chaperone/chaperone.yaml"]
