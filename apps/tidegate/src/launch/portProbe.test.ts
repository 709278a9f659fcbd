import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { probePorts } from './portProbe.ts';

let held: Server | undefined;

afterEach(() => held?.close());

async function holdPort(): Promise<number> {
  held = createServer().listen(0, '127.0.0.1');
  await once(held, 'listening');
  return (held.address() as AddressInfo).port;
}

it('names every port that is taken and the option that chooses another', async () => {
  const port = await holdPort();
  const wanted = ['--port', '--boundary-port'].map((option) => ({ port, purpose: `purpose of ${option}`, option }));
  const result = await probePorts(wanted);
  expect(result.ok ? undefined : result.fault).toEqual({
    code: 'launch.port',
    detail:
      `Port ${port} of purpose of --port is taken (--port chooses another); ` +
      `port ${port} of purpose of --boundary-port is taken (--boundary-port chooses another).`,
  });
});

it('leaves a free port free', async () => {
  const port = await holdPort();
  held?.close();
  const wanted = [{ port, purpose: 'the console', option: '--port' }];
  expect((await probePorts(wanted)).ok).toBe(true);
  expect((await probePorts(wanted)).ok).toBe(true);
});
