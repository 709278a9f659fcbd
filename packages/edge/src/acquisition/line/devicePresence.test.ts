import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, it } from 'vitest';
import { DevicePresence } from './devicePresence.ts';

/** What the device does, second after second: `+` answers, `-` fails, a number waits so many seconds. */
async function play(script: string): Promise<string[]> {
  const clock = new ManualClock();
  const told: string[] = [];
  const presence = new DevicePresence('pump', {
    clock,
    events: ({ kind, detail }) => told.push(`${clock.elapsedMs() / 1000} ${kind} ${detail}`),
  });
  for (const step of script.match(/\+|-|\d+/g) ?? []) {
    if (step === '+') presence.answered();
    else if (step === '-') presence.failed('silence');
    await clock.advance(/\d/.test(step) ? Number(step) * 1000 : 1000);
  }
  return told;
}

const COMES_AND_GOES = '; it comes and goes, and counts as connected when it has answered for 60 s';

it.each<[string, string, string[]]>([
  ['tells the first answer once', '+++', ['0 device.connected the device answers']],
  ['tells a loss at once and once', '+---', ['0 device.connected the device answers', '1 device.lost silence']],
  [
    'tells a return at once',
    '+--+',
    [
      '0 device.connected the device answers',
      '1 device.lost silence',
      '3 device.connected the device answers, after 2 failures',
    ],
  ],
  ['tells a device that was never there', '--', ['0 device.lost silence']],
  [
    'says of a device that comes and goes that it does, and then waits until it is steady',
    `+-+-${'+-'.repeat(30)}+57+1+`,
    [
      '0 device.connected the device answers',
      '1 device.lost silence',
      '2 device.connected the device answers',
      `3 device.lost silence${COMES_AND_GOES}`,
      '124 device.connected the device answers, after 31 failures',
    ],
  ],
  [
    'forgets earlier losses where the device was steady in between',
    '+-+-+90+-+',
    [
      '0 device.connected the device answers',
      '1 device.lost silence',
      '2 device.connected the device answers',
      `3 device.lost silence${COMES_AND_GOES}`,
      '95 device.connected the device answers',
      '96 device.lost silence',
      '97 device.connected the device answers',
    ],
  ],
])('%s', async (_, script, expected) => {
  expect(await play(script)).toEqual(expected);
});
