import { rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SerialMedium } from './medium.ts';
import { serialDefect } from './serialDefect.ts';
import { heard, LinkRig, opened, READ } from './testbed/linkRig.ts';
import { PseudoTerminal, ptyDefect } from './testbed/pseudoTerminal.ts';

const NEVER = new AbortController().signal;
let rig = new LinkRig();

afterEach(async () => {
  await rig.close();
  rig = new LinkRig();
});

async function plugIn(): Promise<PseudoTerminal> {
  const terminal = await PseudoTerminal.open();
  rig.onClose(() => terminal.unplug());
  return terminal;
}

function serial(path: string, more: Partial<SerialMedium> = {}): SerialMedium {
  return { kind: 'serial', path, baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1, ...more };
}

/**
 * A pseudo-terminal carries bytes and has neither a baud rate nor parity, data bits or control lines: that these reach the
 * driver of the operating system can be seen on a real port only.
 */
describe.skipIf(ptyDefect)(`a serial line${ptyDefect ? `: ${ptyDefect}` : ''}`, () => {
  it('carries both directions', async () => {
    const terminal = await plugIn();
    const link = await opened(rig.link(serial(terminal.path, { parity: 'even', dataBits: 7 })));
    link.send(READ);
    await vi.waitFor(() => expect(terminal.heard).toBe(Buffer.from(READ).toString('latin1')));
    terminal.say('answer');
    expect(await heard(link, 6)).toBe('answer');
    expect([link.sentBytes, link.receivedBytes]).toEqual([12, 6]);
  });

  it('carries every byte as it is, line ends and control characters too', async () => {
    const terminal = await plugIn();
    const tap = await opened(rig.tap(serial(terminal.path)));
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
    terminal.say(all);
    expect(await heard(tap, 256)).toBe(all);
    expect(terminal.heard).toBe('');
  });

  it('hands over at once what comes, whether or not anything else happens in the process', async () => {
    const terminal = await plugIn();
    // By a clock that stands still no look at the port wakes the process up.
    const tap = await opened(rig.tap(serial(terminal.path), new ManualClock()));
    const startMs = performance.now();
    for (let round = 0; round < 400; round++) {
      terminal.say('x');
      await heard(tap, 1);
    }
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  it('is for one program alone, and free again as soon as it is closed', async () => {
    const { path } = await plugIn();
    const opener = rig.link(serial(path));
    const first = await opened(opener);
    const detail = `${path} is in use by another program`;
    expect(await rig.link(serial(path)).open(NEVER)).toEqual({ ok: false, fault: { code: 'link.connect', detail } });
    first.close();
    const again = await opened(opener);
    again.close();
    await opener.close();
    expect(await rig.link(serial(path)).open(NEVER)).toMatchObject({ ok: true });
  });

  it('is closed with its opener, and where it is stopped before it is open', async () => {
    const { path } = await plugIn();
    const opener = rig.link(serial(path));
    const link = await opened(opener);
    await opener.close();
    expect(await link.closed).toMatchObject({ detail: 'the line is closed' });
    const stopping = new AbortController();
    const stopped = opener.open(stopping.signal);
    stopping.abort();
    expect(await stopped).toMatchObject({ ok: false, fault: { code: 'link.connect' } });
    expect(await opener.open(stopping.signal)).toMatchObject({ ok: false, fault: { code: 'link.connect' } });
    await opened(opener);
  });

  it('is closed when the adapter is unplugged, and opened again when it is back', async () => {
    const name = join(tmpdir(), `tidegate-tty-${process.pid}`);
    rig.onClose(() => rmSync(name, { force: true }));
    const terminal = await plugIn();
    symlinkSync(terminal.path, name);
    const opener = rig.tap(serial(name));
    const tap = await opened(opener);
    await terminal.unplug();
    expect((await tap.closed).detail).toMatch(/^the serial port is gone/);
    expect(await opener.open(NEVER)).toMatchObject({ ok: false, fault: { code: 'link.connect' } });
    rmSync(name);
    const back = await plugIn();
    symlinkSync(back.path, name);
    const again = await opened(opener);
    back.say('back');
    expect(await heard(again, 4)).toBe('back');
  });

  it('notices that the adapter is unplugged every time, although the library overlooks one time in ten', async () => {
    for (let round = 0; round < 20; round++) {
      const clock = new ManualClock();
      const terminal = await plugIn();
      const tap = await opened(rig.tap(serial(terminal.path), clock));
      if (round % 2 === 1) {
        terminal.say('last words');
        await heard(tap, 10);
      }
      await terminal.unplug();
      await clock.advance(1_000);
      expect((await tap.closed).detail).toMatch(/^the serial port is gone/);
    }
  });

  it('notices that the adapter is unplugged when it sends', async () => {
    const terminal = await plugIn();
    const link = await opened(rig.link(serial(terminal.path)));
    await terminal.unplug();
    link.send(READ);
    expect((await link.closed).detail).toMatch(/^the serial port is gone/);
  });
});

describe('a serial port that cannot be opened', () => {
  it.each([
    ['/dev/ttyNOBODY7', 'is not there; '],
    ['/dev/null', 'is not a serial port'],
  ])('is explained: %s', async (path, words) => {
    const fault = { code: 'link.connect', detail: expect.stringContaining(`${path} ${words}`) };
    expect(await rig.link(serial(path)).open(NEVER)).toMatchObject({ ok: false, fault });
  });

  it.each([
    ['Error: Permission denied, cannot open /dev/ttyUSB0', /^may not be used by this user: .*dialout/],
    ['Error: Device or resource busy, cannot open /dev/ttyUSB0', /^is in use by another program$/],
    ['Opening COM3: Access denied', /^is in use by another program, or this user may not use it$/],
    ['Opening COM3: File not found', /^is not there; this machine has COM1, COM4$/],
    [
      'Error: Invalid argument || while setting custom baud rate of 187500',
      /^cannot be opened with 19200 baud, 8 data/,
    ],
  ])('is explained in words of the field: %s', async (message, words) => {
    const list = async () => [{ path: 'COM4' }, { path: 'COM1' }];
    expect(await serialDefect(new Error(message), serial('x'), list)).toMatch(words);
  });

  it.each<[() => Promise<{ path: string }[]>, string]>([
    [async () => [], 'is not there; this machine has no serial port'],
    [
      () => Promise.reject(new Error('spawn udevadm ENOENT')),
      'is not there; which ports this machine has cannot be found out',
    ],
  ])('is explained where ports cannot be listed', async (list, words) => {
    expect(await serialDefect(new Error('No such file or directory'), serial('x'), list)).toBe(words);
  });
});
