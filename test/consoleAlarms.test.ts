/** The pages of alarms and assets in a real browser, over a server that evaluates alarms and twins. */

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { ConsolePlant } from './consolePlant.ts';

const WIDE = { width: 1280, height: 850 };

let plant: ConsolePlant;
let browser: Browser | undefined;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  plant = await ConsolePlant.open();
  browser = await launchChromium();
  page = await (await browser.newContext({ viewport: WIDE })).newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await plant.measure({ 'pump-1/flow': 91, 'pump-1/power': 20, 'fan-1/speed': 90, 'fan-1/heat': 3 });
  await plant.tellOfGateway();
  await page.goto(`${plant.url}/#page=alarms`);
}, 30_000);
afterAll(async () => {
  await browser?.close();
  await plant?.stop();
});

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 50 });
const textOf = async (locator: Locator) => (await locator.textContent()) ?? '';
const rows = () => page.getByRole('grid', { name: 'List of alarms' }).locator('tbody tr');
const outcome = () => page.locator('.alarm-outcome');
const dialog = () => page.getByRole('dialog');

describe('the alarms', () => {
  it('are listed with the most urgent first, by value against limit, and counted in the head', async () => {
    await eventually(async () => expect(await rows().count()).toBe(3));
    const [first, second, third] = await rows().allTextContents();
    expect(first).toMatch(/critical.*flow above 80.*acme\/north\/pump-1.*active, not acknowledged.*91.*80.*server/);
    expect(second).toMatch(/medium.*belt is loose.*belt-7\/slip.*active, not acknowledged.*station-1/);
    expect(third).toMatch(/low.*speed above 80/);
    await page
      .getByRole('link', {
        name: 'Alarms 1 critical not acknowledged 1 medium not acknowledged 1 low not acknowledged',
      })
      .waitFor();
  });

  it('say what to do, and what happens otherwise', async () => {
    await rows().first().click();
    const detail = page.getByRole('complementary');
    await eventually(async () => expect(await textOf(detail)).toMatch(/Do.*open the bypass.*Or else.*the hose bursts/));
    await eventually(async () => expect(await textOf(detail)).toMatch(/What has happened.*activated at 91/));
    await detail.getByRole('img', { name: /acme\/north\/pump-1\/flow around the alarm/ }).waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  it('are acknowledged with a key; who does it is asked once, and remembered', async () => {
    await page.keyboard.press('a');
    await dialog().getByLabel('Your name').fill('Mira');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await textOf(outcome())).toMatch(/pump-1\/flow\/high acknowledged\./));
    await eventually(async () => expect(await textOf(rows().first())).toContain('active, acknowledged'));
    await eventually(async () =>
      expect(
        await rows()
          .first()
          .evaluate((row) => row.matches(':focus')),
      ).toBe(true),
    );
    await page.reload();
    expect(await page.getByLabel('Your name, for the record').inputValue()).toBe('Mira');
  });

  it('of a gateway are not acknowledged here, and it is said why', async () => {
    await rows().first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('a');
    await eventually(async () => expect(await textOf(outcome())).toContain('nothing goes back to the plant'));
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary');
    await detail.getByText('Acknowledged at site only.').waitFor();
    expect(await detail.getByRole('button').allTextContents()).toEqual(['']);
  });

  it('are shelved for a time and with a reason, and taken back', async () => {
    await page.keyboard.press('End');
    await page.keyboard.press('s');
    await dialog().getByRole('button', { name: '1 h' }).click();
    await dialog().getByRole('button', { name: 'Shelve' }).click();
    expect(await dialog().isVisible()).toBe(true);
    await dialog().getByLabel('Why').fill('probe is exchanged');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await textOf(outcome())).toMatch(/speed\/high shelved until \d\d:\d\d\./));
    await eventually(async () => expect(await rows().count()).toBe(2));
    await page.getByRole('button', { name: 'Kept quiet 1' }).click();
    await eventually(async () => expect(await textOf(rows().first())).toMatch(/shelved until .* \(59 min/));
    await outcome().getByRole('button', { name: 'Undo' }).click();
    await page.getByText('No alarm is shelved, suppressed by design or out of service.').waitFor();
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await eventually(async () => expect(await rows().count()).toBe(3));
  });

  it('that are urgent are told to a screen reader as they come', async () => {
    const voice = page.getByRole('status', { name: 'New alarms' });
    expect(await textOf(voice)).toBe('');
    await plant.measure({ 'pump-1/power': 5 });
    await eventually(async () => expect(await textOf(voice)).toBe('New high alarm: acme/north/pump-1/power below 10.'));
  });

  it('are found by a search that the slash begins, and all that is shown is acknowledged at once', async () => {
    await rows().first().focus();
    await page.keyboard.press('/');
    await page.keyboard.type('north');
    await eventually(async () => expect(await rows().count()).toBe(3));
    await page.keyboard.type(' fan');
    await eventually(async () => expect(await rows().count()).toBe(1));
    await page.getByRole('searchbox', { name: /^Search alarms/ }).fill('');
    await page.getByRole('button', { name: 'Acknowledge all shown (2)' }).click();
    await eventually(async () => expect(await textOf(outcome())).toContain('2 alarms acknowledged.'));
    await page.getByRole('link', { name: 'Alarms 1 medium not acknowledged' }).waitFor();
  });

  it('are analysed, and each figure says what it is', async () => {
    await page.getByRole('link', { name: 'Analysis' }).click();
    await page.getByRole('img', { name: /^Alarms per ten minutes: at most 4/ }).waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Most in 10 min' }).textContent()).toMatch(
      /4.*as it should be.*Target: 10 at most/,
    );
    const actors = page.getByRole('region', { name: 'Bad actors' }).last().locator('tbody tr');
    await eventually(async () => expect(await actors.count()).toBe(4));
  });
});

describe('the assets', () => {
  it('are a tree that the keyboard walks through', async () => {
    await page.getByRole('link', { name: 'Assets' }).click();
    const tree = page.getByRole('tree', { name: 'Assets' });
    await tree.focus();
    for (const key of ['Home', 'p', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('treeitem', { name: /^pump-1/, selected: true }).waitFor();
    expect(new URL(page.url()).hash).toContain('asset=acme%2Fnorth%2Fpump-1');
  });

  it('show live values with where they come from', async () => {
    await plant.measure({ 'pump-1/flow': 60, 'pump-1/power': 12 });
    const attributes = page.getByRole('region', { name: 'List of attributes' }).locator('tbody tr');
    await eventually(async () => {
      const said = await attributes.allTextContents();
      expect(said[0]).toMatch(/flow.*60\.000.*m³\/h.*0 … 500.*tag …\/flow/);
      expect(said[2]).toMatch(/specific-power.*0\.2000.*= 'power' \/ 'flow'/);
      expect(said[3]).toMatch(/valve.*no such tag yet/);
    });
    await page.getByText('P-4711').waitFor();
    await page.getByRole('list').filter({ hasText: 'feeds acme/north/tank' }).first().waitFor();
  });

  it('have a twin that is held against what they do', async () => {
    const comparison = page.getByRole('region', { name: 'Actual against expected' }).locator('tbody tr');
    await eventually(async () =>
      expect(await textOf(comparison)).toMatch(/power.*12\.000.*6\.0000.*6\.0000.*kW.*3\.0/),
    );
    await page.getByRole('region', { name: 'Trust' }).getByText(/trust/).first().waitFor();
    await page.getByText('What if', { exact: true }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  });

  it('without a twin say how to write one, and those of another time how it was', async () => {
    await page.goto(`${plant.url}/#page=assets&asset=acme%2Fnorth%2Fpump-1&at=2001-01-01T00%3A00%3A00Z`);
    await page.getByRole('button', { name: 'Now', exact: true }).waitFor();
    await page.goto(`${plant.url}/#page=assets&asset=nothing`);
    await page.getByText('There is no asset “nothing”.').waitFor();
  });
});

it('fits a phone without scrolling sideways', async () => {
  for (const hash of ['page=alarms', 'page=alarms&part=analysis', 'page=assets&asset=acme%2Fnorth%2Fpump-1']) {
    await page.goto(`${plant.url}/#${hash}`);
    await page.setViewportSize({ width: 360, height: 800 });
    await eventually(async () => expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360));
    await page.setViewportSize(WIDE);
  }
});

it('has nothing to complain of but names that there are not', () => {
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
