/** Applies one version of a model after the other, says each number once it is durable, and is killed at some moment. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ModelStore } from '../modelStore.ts';

const opened = await ModelStore.open({ directory: process.argv[2], clock: systemClock });
if (!opened.ok) throw new Error(opened.fault.detail);
for (let round = 1; ; round++) {
  const assets = Array.from({ length: 50 }, (_, index) => `  - { path: acme/${round}/pump-${index}, id: P${index} }\n`);
  const texts = new Map([['assets/pumps.yaml', `assets:\n${assets.join('')}`]]);
  const applied = await opened.value.apply({ texts, by: 'test', comment: `round ${round}` });
  if (!applied.ok) throw new Error(applied.fault.detail);
  process.stdout.write(`${applied.value.version.number}\n`);
}
