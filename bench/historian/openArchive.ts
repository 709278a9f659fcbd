/** A process that opens a historian's directory, answers one question, says so, and ends: `node openArchive.ts DIRECTORY`. */

import { PLANT_START_US } from './plantHistory.ts';
import { TidegatePeer } from './tidegatePeer.ts';

const peer = await TidegatePeer.start(process.argv[2]);
const { times } = await peer.raw(0, { fromUs: PLANT_START_US, toUs: PLANT_START_US + 3_600e6 });
process.send?.({ rows: times.length, samples: peer.historian.statistics().samples });
await peer.stop();
process.disconnect?.();
