import { createHook } from 'node:async_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { GatewayStream } from '../query/testbed/gatewayStream.ts';
import { appendAll, historiansOf, mustSucceed } from '../query/testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

test('between any two steps of a seal each sample is there once', async () => {
  const historian = await openHistorian(await makeDirectory());
  await appendAll(historian.sink, [new GatewayStream().sealRows([[0, 1, 1]])]);
  const seen = new Set<number>();
  const hook = createHook({ after: () => seen.add(historian.statistics().samples) });
  hook.enable();
  mustSucceed(await historian.seal());
  hook.disable();
  expect([...seen]).toEqual([1]);
});
