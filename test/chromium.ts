/** Chromium for tests of the console, as it is installed on the machine. */

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const { CHROMIUM_PATH } = process.env;

export function launchChromium(): Promise<Browser> {
  const executablePath = [CHROMIUM_PATH, ...BROWSERS].find((path) => path && existsSync(path));
  if (!executablePath) {
    throw new Error(
      'The browser test needs Chromium. Install it (Debian: apt-get install chromium), or name it with ' +
        'CHROMIUM_PATH=/path/to/chromium.',
    );
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
