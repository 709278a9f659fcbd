/** The page of the drivers says of each what its manifest says: over what it speaks, and what it may send. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type CataloguedDriver, readDriverCatalogue } from '../apps/gateway/src/drivers/driverCatalogue.ts';
import { whenSent } from '../apps/gateway/src/drivers/formatDrivers.ts';
import { ROOT } from './architecture/sourceTree.ts';

const PAGE = path.join(ROOT, 'docs/drivers.md');
const BEGIN = '<!-- From the manifests, by `npx vitest run test/driversPage.test.ts -u`. -->';
const END = '<!-- End of what the manifests say. -->';

it('docs/drivers.md says what the manifests say', async () => {
  const { drivers } = await readDriverCatalogue(undefined);
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest = ''] = page.split(BEGIN, 2);
  const [, after] = rest.split(END, 2);
  expect(after, 'the page has the place for it').toBeDefined();
  const told = `${BEGIN}\n\n${tableOf(drivers)}\n\n## What each may send\n\n${sendings(drivers)}\n\n${END}`;
  await expect(before + told + after).toMatchFileSnapshot(PAGE);
});

function tableOf(drivers: readonly CataloguedDriver[]): string {
  const rows = drivers.map(({ sheet, folder }) => {
    const readme = path.relative(path.dirname(PAGE), path.join(folder, 'README.md'));
    const page = `[drivers/${path.basename(folder)}](${readme})`;
    return `| \`${sheet.protocol}\` | ${sheet.title} | ${sheet.media.join(', ')} | ${sheet.defaultPort} | ${sheet.reports} | ${page} |`;
  });
  return ['| in configuration | speaks | over | port | reads | page |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** Protocols of one folder that may send the same are told of together. */
function sendings(drivers: readonly CataloguedDriver[]): string {
  const alike = Map.groupBy(drivers, ({ sheet, folder }) => JSON.stringify([folder, sheet.sends]));
  return [...alike.values()]
    .map((group) => {
      const heading = `### ${group.map(({ sheet }) => sheet.title).join(', ')}`;
      const { sends } = group[0].sheet;
      if (sends.length === 0) return `${heading}\n\nListens only: sends nothing.`;
      const rows = sends.map((sent) => {
        const { service, effect, reason = '' } = sent;
        return `| ${service} | ${effect} | ${whenSent(sent)} | ${reason} |`;
      });
      return [heading, '', '| service | effect | allowed | why |', '|---|---|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}
