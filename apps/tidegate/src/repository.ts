/** Where the other programs and the example sites lie, as seen from this one. */

import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);
const inRoot = (path: string) => fileURLToPath(new URL(path, ROOT));

export const PROGRAMS = {
  gate: inRoot('apps/gate/src/main.ts'),
  gateway: inRoot('apps/gateway/src/main.ts'),
  plant: inRoot('apps/plant/src/main.ts'),
  server: inRoot('apps/server/src/main.ts'),
} as const;

export const EXAMPLE = {
  gateway: inRoot('examples/plant/gateway.yaml'),
  server: inRoot('examples/plant/server.yaml'),
  recordings: inRoot('examples/plant/data'),
} as const;

/** The compressor station; its server serves both sites. */
export const STATION_EXAMPLE = {
  gateway: inRoot('examples/station/gateway.yaml'),
  server: inRoot('examples/station/server.yaml'),
  faults: inRoot('examples/station/faults.csv'),
  pastFaults: inRoot('examples/station/pastFaults.csv'),
} as const;

export const PACKAGE_FILE = inRoot('package.json');
