/** The page of equipment health in a real browser, over a server with a case that its own watch has raised. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LeakingSeal, openLeakingSeal } from '@tidegate/platform/northbound/testbed/leakingSeal.ts';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from './chromium.ts';

const WEB_ROOT = fileURLToPath(new URL('../packages/web/dist', import.meta.url));
const WIDE = { width: 1280, height: 900 };
/** One grey pixel. */
const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

let seal: LeakingSeal;
let browser: Browser | undefined;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  if (!existsSync(WEB_ROOT)) throw new Error('The console has not been built: npm run build.');
  seal = await openLeakingSeal(WEB_ROOT);
  browser = await launchChromium();
  page = await (await browser.newContext({ viewport: WIDE })).newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${seal.door.url}/#/health/case/1`);
}, 40_000);
afterAll(async () => {
  await browser?.close();
  await seal?.stop();
});

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 50 });
const textOf = async (locator: Locator) => (await locator.textContent()) ?? '';
const theCase = () => page.getByRole('article', { name: 'Case 1' });
const cases = () => page.getByRole('list', { name: 'List of cases' }).getByRole('listitem');
const dialog = () => page.getByRole('dialog');
const told = () => page.locator('.alarm-outcome');
const filter = (name: string | RegExp) => page.getByRole('region', { name: 'Cases' }).getByRole('button', { name });
const submit = (name: string) => dialog().getByRole('button', { name, exact: true }).click();

it('ranks cases with what is left and why, and counts them in the head', async () => {
  await eventually(async () => expect(await cases().count()).toBe(1));
  expect(await textOf(cases())).toMatch(
    /^1major.*p1.*open.*the seal of the shaft is worn.*\d+ [hd] \(.* to .*weight 10/,
  );
  await page.getByRole('link', { name: 'Health 1 case is open' }).waitFor();
  expect(new URL(page.url()).hash).toContain('page=health&window=5min&case=1');
});

it('shows a case with its evidence, and what to take along', async () => {
  const row = theCase().getByRole('region', { name: 'Signs' }).locator('tbody tr');
  await eventually(async () =>
    expect(await textOf(row)).toMatch(/leak.*proven.*100.%.*L\/h.*\+.*60\.0 L\/h2026-05-08/),
  );
  await theCase()
    .getByRole('img', { name: /^leak against its normal and its limit/ })
    .waitFor();
  await theCase()
    .getByRole('img', { name: /^Score against its threshold/ })
    .waitFor();
  await theCase()
    .getByRole('img', { name: /^Damage per day of the shaft/ })
    .waitFor();
  const isolations = theCase().getByRole('list', { name: 'Isolations' }).getByRole('listitem');
  expect(await isolations.allTextContents()).toEqual(['close both valves', 'lock out the motor']);
  const others = theCase().getByRole('region', { name: /^Life left of acme\/p1, by seal life of others/ });
  await eventually(async () =>
    expect(await textOf(others)).toMatch(/\d+ d \(\d+ d to over 180 d\).*by its age of 41 days/),
  );
  await theCase().getByRole('img', { name: 'Share of lives that reach an age. Half reach 157 d.' }).waitFor();
  await theCase().getByText('Model 1: its card').click();
  await eventually(async () => expect(await textOf(theCase().locator('.model-card'))).toMatch(/Features.*flow, leak/));
});

it('goes to paper without the console around it', async () => {
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
  expect(await theCase().getByRole('list', { name: 'To bring' }).isVisible()).toBe(true);
  expect(await page.getByText('Finding of case 1').isVisible()).toBe(true);
  await page.emulateMedia({ media: 'screen' });
});

it('snoozes by keyboard with a reason, says what is true then, and takes it back', async () => {
  await page.keyboard.press('s');
  await submit('Snooze');
  await dialog().getByRole('alert').getByText('Say who you are').waitFor();
  await dialog().getByLabel('Your name').fill('Mira');
  await page.keyboard.press('Enter');
  await dialog().getByRole('alert').getByText('Say why it may rest.').waitFor();
  await dialog().getByRole('button', { name: '30 d' }).click();
  await dialog().getByLabel('Why it may rest').fill('the spare comes in June');
  await submit('Snooze');
  await eventually(async () => expect(await textOf(told())).toContain('Case 1 is snoozed.'));
  await page.getByText('No case is pending. 1 watch is scored, 1 is blind.').waitFor();
  await filter('Snoozed 1').click();
  await eventually(async () => expect(await textOf(cases())).toContain('open, snoozed until 2026-06-11'));
  await told().getByRole('button', { name: 'Undo' }).click();
  await eventually(async () => expect(await textOf(told())).toContain('Case 1 is as it was before.'));
  await filter(/Pending/).click();
  await eventually(async () => expect(await cases().count()).toBe(1));
});

it('is ordered, and the head counts it no longer', async () => {
  await cases().getByRole('link').focus();
  await page.keyboard.press('o');
  await dialog().getByText('The order goes to “files”.').waitFor();
  await dialog().getByLabel('What is to be done').fill('with the next stop');
  await submit('Order');
  await eventually(async () => expect(await textOf(cases())).toContain('ordered'));
  await eventually(async () =>
    expect(await textOf(theCase().getByRole('region', { name: 'Work orders' }))).toMatch(/by Mira.*with the next stop/),
  );
  await page.getByRole('link', { name: 'Health', exact: true }).waitFor();
});

it('takes a comment, which changes nothing else', async () => {
  await page.keyboard.press('m');
  await submit('Comment');
  await dialog().getByRole('alert').getByText('There is nothing in the comment.').waitFor();
  await dialog().getByLabel('What is to be remembered').fill('the shaft is scored');
  await submit('Comment');
  await eventually(async () => expect(await textOf(told())).toContain('Case 1 has your comment.'));
  const history = theCase().getByRole('region', { name: 'What has happened' });
  await eventually(async () => expect(await textOf(history)).toMatch(/comment by Mira.*the shaft is scored/));
  expect(await textOf(cases())).toContain('ordered');
});

it('takes a finding with a photo, and says why the server refuses one', async () => {
  await page.keyboard.press('f');
  await dialog()
    .getByLabel(/^Confirmed/)
    .check();
  expect(await dialog().getByLabel('What it was').inputValue()).toBe('worn-seal');
  await dialog().getByLabel('Looked at').fill('2026-07-01T00:00');
  await submit('Record a finding');
  await dialog().getByRole('alert').getByText('It was looked at in the future.').waitFor();
  await dialog().getByLabel('Looked at').fill('');
  await dialog().getByLabel('Photos').setInputFiles({ name: 'lip.png', mimeType: 'image/png', buffer: PHOTO });
  await dialog().getByRole('img', { name: 'Preview of lip.png' }).waitFor();
  await dialog().getByLabel('What was seen').fill('lip torn');
  await dialog()
    .getByLabel(/^It was put right/)
    .check();
  await dialog().getByLabel('Close the case as well').check();
  await submit('Record a finding');
  await eventually(async () => expect(await textOf(told())).toContain('Case 1 has its finding and is closed.'));
  const found = theCase().getByRole('region', { name: 'What was found' });
  await eventually(async () => expect(await textOf(found)).toMatch(/Confirmed: worn seal, put right.*lip torn.*Mira/));
  const loaded = "document.querySelector('.case-photos img')?.naturalWidth";
  await eventually(async () => expect(await page.evaluate(loaded)).toBe(1));
  expect(await theCase().getByRole('button', { name: /…$/ }).allTextContents()).toEqual(['Open again…', 'Comment…']);
});

it('tells of every watch how it stands, and of one what it has learned', async () => {
  await page.getByRole('link', { name: 'Watches' }).click();
  const rows = page.getByRole('region', { name: 'List of watches' }).locator('tbody tr');
  await eventually(async () => expect(await rows.count()).toBe(2));
  expect(await textOf(rows.first())).toMatch(/sealacme\/p1.*strange, drifts.*of \d.*leak/);
  expect(await textOf(rows.last())).toMatch(/blindflow: there is no tag acme\/p2\/flow/);
  await rows.first().getByRole('link', { name: 'seal' }).click();
  const watch = page.getByRole('article', { name: 'Watch seal' });
  await eventually(async () =>
    expect(await textOf(watch.getByRole('region', { name: 'Features' }))).toMatch(/leak.*≤ 60\.0 L\/h.*proven/),
  );
  await watch
    .getByRole('region', { name: 'What model 1 has learned' })
    .getByText(/576 rows/)
    .waitFor();
  await watch.getByRole('button', { name: 'Retire…' }).click();
  await dialog().getByLabel('Why').fill('trial');
  await submit('Retire model 1');
  await eventually(async () => expect(await textOf(watch)).toMatch(/Model 1 of P1\/seal is retired\..*Promote…/));
});

it('tells what each of a fleet has left by the lives of others, and learns them anew', async () => {
  await page.getByRole('link', { name: 'Lives' }).click();
  const row = page.getByRole('region', { name: 'List of lives' }).locator('tbody tr');
  await eventually(async () =>
    expect(await textOf(row)).toMatch(/^seal lifeuntil worn seal.*2 of type pump.*from ages alone/),
  );
  await row.getByRole('link', { name: 'seal life' }).click();
  const lives = page.getByRole('article', { name: 'Lives seal life' });
  const left = lives.getByRole('region', { name: 'What each has left' }).locator('tbody tr');
  await eventually(async () => expect(await left.count()).toBe(2));
  expect(await textOf(left.first())).toMatch(/^acme\/p2\d+ d \(\d+ d to \d+ d\)127 d/);
  await left.last().getByRole('link').click();
  await lives.getByRole('region', { name: 'Life left of acme/p1, by seal life of others' }).waitFor();
  await lives.getByRole('button', { name: 'Learn anew…' }).click();
  expect(await dialog().getByLabel('Your name').inputValue()).toBe('Mira');
  await submit('Learn anew');
  const learned = lives.getByRole('region', { name: 'What was learned' });
  await learned.getByText(/^\d, learned .* by Mira, from ages alone$/).waitFor({ timeout: 25_000 });
  await lives.getByText(/lives that are known$/).click();
  await lives.getByText('2025-02-01 to 2025-08-01 (181 d), replaced before it failed').waitFor();
}, 40_000);

it('keeps a ledger that says where there is too little to tell', async () => {
  await page.getByRole('link', { name: 'Ledger' }).click();
  const precision = page.getByRole('listitem').filter({ hasText: 'Precision' });
  await eventually(async () => expect(await textOf(precision)).toMatch(/1 of 1.*too few to say/));
  expect(await textOf(page.getByRole('region', { name: 'By watch' }).locator('tbody tr'))).toMatch(/^P1\/seal11/);
});

it.each([
  ['page=health', '.case-list, .notice'],
  ['page=health&case=1', '.plot svg'],
  ['page=health&part=watches&watch=P1%2Fseal', '.model-list li'],
  ['page=health&part=lives&lives=seal-life', '.plot svg'],
  ['page=health&part=ledger', '.figure-cards li'],
])('%s fits a phone without scrolling sideways', async (hash, shown) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`${seal.door.url}/#${hash}`);
  await page.locator(shown).first().waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
});

it.each([
  ['page=health', 'case-1', /^Case 1$/],
  ['page=health&part=watches', 'watch-P1/seal', /^Watch/],
  ['page=health&part=lives', 'lives-seal-life', /^Lives/],
])(
  '%s: on a phone the focus follows what takes the place of the list, and goes back with it',
  async (hash, link, name) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${seal.door.url}/#${hash}`);
    if (link === 'case-1') await filter(/Closed/).click();
    await page.locator(`[id="${link}"]`).focus();
    await page.keyboard.press('Enter');
    const focused = (attribute: string) => page.evaluate(`document.activeElement.getAttribute('${attribute}')`);
    await eventually(async () => expect(await focused('aria-label')).toMatch(name));
    await page.getByRole('button', { name: /^Close( the case panel)?$/ }).press('Enter');
    await eventually(async () => expect(await focused('id')).toBe(link));
  },
);

it('has nothing to complain of but what the server has refused', () => {
  expect(complaints.filter((text) => !/40[049]|422/.test(text))).toEqual([]);
});
