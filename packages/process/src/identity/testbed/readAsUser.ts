/** A process of whatever user that reads the identity in a directory (`readAsUser.ts DIRECTORY`) and prints what came of it. */

import { readIdentity } from '../identity.ts';

const result = await readIdentity(process.argv[2], 'gateway.certificates');
process.stdout.write(JSON.stringify(result.ok ? { key: result.value.key } : result.fault));
