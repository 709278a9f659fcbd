/** An authority as `openssl ca` makes it: RSA, a list with extensions and a reason; where there is no OpenSSL, nothing. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

/** Certificates and the list, as PEM. */
export interface OpensslAuthority {
  readonly authority: string;
  readonly kept: string;
  readonly revoked: string;
  readonly list: string;
}

const CONFIGURATION = `
[ca]
default_ca = here
[here]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
certificate = authority.pem
private_key = authority.key
default_md = sha256
policy = names
default_crl_days = 300
crl_extensions = list
[names]
commonName = supplied
[list]
authorityKeyIdentifier = keyid
`;

export function makeOpensslAuthority(): OpensslAuthority {
  const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-openssl-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');
  const files = { 'ca.cnf': CONFIGURATION, 'index.txt': '', serial: '00A1\n', crlnumber: '01\n' };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
  const newKey = (kind: string, name: string) => [
    '-newkey',
    kind,
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-subj',
    `/CN=${name}`,
  ];
  openssl('req', '-x509', ...newKey('rsa:2048', 'authority'), '-out', 'authority.pem', '-days', '3650');
  for (const name of ['kept', 'revoked']) {
    openssl('req', '-new', ...newKey('ed25519', name), '-out', `${name}.csr`);
    const sign = ['ca', '-batch', '-config', 'ca.cnf', '-notext', '-days', '300'];
    openssl(...sign, '-in', `${name}.csr`, '-out', `${name}.pem`);
  }
  openssl('ca', '-config', 'ca.cnf', '-revoke', 'revoked.pem', '-crl_reason', 'keyCompromise');
  openssl('ca', '-config', 'ca.cnf', '-gencrl', '-out', 'list.pem');
  const [authority, kept, revoked, list] = ['authority', 'kept', 'revoked', 'list'].map((name) => read(`${name}.pem`));
  rmSync(directory, { recursive: true });
  return { authority, kept, revoked, list };
}
