/** `docs/iec62443.md` tells which test shows which security requirement, as the titles of the tests say it themselves. */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './architecture/sourceTree.ts';

/** System requirements of IEC 62443-3-3 and their enhancements (RE), by their own names. */
const REQUIREMENTS: Readonly<Record<string, string>> = {
  'SR 1.2': 'Software process and device identification and authentication',
  'SR 1.5': 'Authenticator management',
  'SR 1.8': 'Public key infrastructure certificates',
  'SR 1.9': 'Strength of public key authentication',
  'SR 2.1': 'Authorization enforcement',
  'SR 2.8': 'Auditable events',
  'SR 2.11': 'Timestamps',
  'SR 2.12': 'Non-repudiation',
  'SR 3.1': 'Communication integrity',
  'SR 3.1 RE 1': 'Cryptographic integrity protection',
  'SR 3.3': 'Security functionality verification',
  'SR 3.4': 'Software and information integrity',
  'SR 3.5': 'Input validation',
  'SR 3.8': 'Session integrity',
  'SR 3.9': 'Protection of audit information',
  'SR 4.1': 'Information confidentiality',
  'SR 4.3': 'Use of cryptography',
  'SR 5.1': 'Network segmentation',
  'SR 5.2': 'Zone boundary protection',
  'SR 5.2 RE 1': 'Deny by default, allow by exception',
  'SR 5.2 RE 2': 'Island mode',
  'SR 5.2 RE 3': 'Fail close',
  'SR 6.1': 'Audit log accessibility',
  'SR 6.2': 'Continuous monitoring',
  'SR 7.1': 'Denial of service protection',
  'SR 7.2': 'Resource management',
  'SR 7.3': 'Control system backup',
  'SR 7.4': 'Control system recovery and reconstitution',
  'SR 7.6': 'Network and security configuration settings',
  'SR 7.7': 'Least functionality',
};

const TITLE =
  /(?:it|test|describe)\b[^('"`\n]*\((?:[^'"`\n]*\)\()?\s*(['"`])(SR \d[^:'"`]*): ((?:(?!\1)[^\\\n]|\\.)*)/g;

interface Showing {
  readonly requirements: readonly string[];
  readonly title: string;
  readonly file: string;
}

/** `SR 1.2, 4.3` and `SR 1.2, SR 4.3` alike. */
function requirementsOf(clauses: string): string[] {
  return clauses.split(/, |; | and /).map((clause) => (clause.startsWith('SR ') ? clause : `SR ${clause}`));
}

function showings(): Showing[] {
  const files = globSync('{packages,apps,test,examples}/**/*.test.ts', {
    cwd: ROOT,
    exclude: ['**/node_modules/**'],
  }).sort();
  return files.flatMap((file) => {
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    return [...source.matchAll(TITLE)].map(([, , clauses, title]) => ({
      requirements: requirementsOf(clauses),
      title: title.replaceAll(/\$\{[^}]*\}|%[sdio]/g, '…').replaceAll('\\', ''),
      file,
    }));
  });
}

const found = showings();

it('every requirement that a title names is one of the standard', () => {
  const named = new Set(found.flatMap(({ requirements }) => requirements));
  expect([...named].filter((requirement) => !(requirement in REQUIREMENTS))).toEqual([]);
});

it('docs/iec62443.md is what the tests say', async () => {
  const sections = Object.entries(REQUIREMENTS).flatMap(([requirement, name]) => {
    const tests = found.filter(({ requirements }) => requirements.includes(requirement));
    if (tests.length === 0) return [];
    const lines = tests.map(({ title, file }) => `- ${title} ([${path.basename(file, '.test.ts')}](../${file}))`);
    return [`## ${requirement} ${name}`, '', ...lines, ''];
  });
  const page = [
    '# Which test shows which security requirement',
    '',
    'The requirements are those of IEC 62443-3-3 that concern the boundary; the aim is security level 3. The list is made from the titles of the tests: what no test shows does not stand here. What a running installation shows of itself: [selftest](selftest.md).',
    '',
    ...sections,
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../docs/iec62443.md');
});
