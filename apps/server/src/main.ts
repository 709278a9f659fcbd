/** The process of the IT zone: receives blocks from gateways, keeps them, and serves people and programs. */

import { outliveReaders } from '@tidegate/process/outliveReaders.ts';

const [word, ...args] = process.argv.slice(2);
// Each is loaded where it is wanted: a command for the archive begins without the doors of a server.
if (word === 'archive') {
  const { archive } = await import('./archive/archive.ts');
  outliveReaders();
  process.exitCode = await archive(args);
} else if (word === 'ledger') {
  const { ledger } = await import('./ledger/ledger.ts');
  outliveReaders();
  process.exitCode = await ledger(args);
} else if (word === 'selftest') {
  const { selftest } = await import('./selftest/selftest.ts');
  process.exitCode = await selftest(args);
} else {
  const { serve } = await import('./serve.ts');
  await serve();
}
