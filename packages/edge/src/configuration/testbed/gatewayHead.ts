/** What stands before the devices in a gateway's configuration. */

export const GATEWAY_HEAD = `gateway: north-1
dataDirectory: data
server:
  host: server.example
  port: 8443
  certificates: certificates
spool: { size: 64 MiB, encrypt: true, keyFile: keys/spool.key }
lanes: { operational: { maxDelay: 10ms } }
scanClasses:
  fast: 100ms
  slow: { interval: 10s, offset: 250ms }
`;
