/** Where development certificates lie, and how files of keys and certificates are read and written. */

import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { IDENTITY_FILES as FILES } from '@tidegate/process/identity/identity.ts';

/** A private key and its certificate, each as PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

/** A private key, and the directory that holds it, are for their owner alone. */
export const PRIVATE_FILE = 0o600;
export const PUBLIC_FILE = 0o644;
const PRIVATE_DIRECTORY = 0o700;
/** Whatever group and others may do with a file. */
const OTHERS = 0o077;

/** Where the authority's own key and certificate lie. Neither the server nor a gateway reads it. */
export function authorityDirectory(directory: string): string {
  return join(directory, 'authority');
}

/** What the server is given to read: `key.pem`, `cert.pem` and `ca.pem`. */
export function serverDirectory(directory: string): string {
  return join(directory, 'server');
}

/** What one gateway is given to read: `key.pem`, `cert.pem` and `ca.pem`. */
export function gatewayDirectory(directory: string, gateway: string): string {
  return join(directory, 'gateway', gateway);
}

/** `undefined` where a file is not there or cannot be read: then it is made anew. */
export async function readCredentials(directory: string): Promise<Credentials | undefined> {
  try {
    const [key, cert] = await Promise.all(
      [FILES.key, FILES.cert].map((file) => readFile(join(directory, file), 'utf8')),
    );
    await closeToOthers(join(directory, FILES.key), PRIVATE_FILE);
    return { key, cert };
  } catch {
    return undefined;
  }
}

/** Throws what the file system throws. */
export async function writeCredentials(directory: string, { key, cert }: Credentials): Promise<void> {
  await makePrivate(directory);
  await replaceFile(directory, FILES.key, key, PRIVATE_FILE);
  await replaceFile(directory, FILES.cert, cert, PUBLIC_FILE);
}

/** The authority that the holder of this directory trusts; written only where it is another. Throws as the file system. */
export async function writeTrusted(directory: string, ca: string): Promise<void> {
  const before = await readText(join(directory, FILES.ca)).catch(() => undefined);
  if (before !== ca) await replaceFile(directory, FILES.ca, ca, PUBLIC_FILE);
}

/** Throws what the file system throws. */
export async function makePrivate(directory: string): Promise<void> {
  await makeDirectory(directory, PRIVATE_DIRECTORY);
  await closeToOthers(directory, PRIVATE_DIRECTORY);
}

/** Changes nothing where nothing has to be: good certificates may lie on a medium that cannot be written. */
async function closeToOthers(path: string, mode: number): Promise<void> {
  const { mode: before } = await stat(path);
  if ((before & OTHERS) !== 0) await chmod(path, mode);
}

/** `undefined` where there is no such file. Throws what else the file system throws. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A process that is killed here leaves the old file or the new one, never half of one. */
export async function replaceFile(directory: string, file: string, text: string, mode: number): Promise<void> {
  const whole = join(directory, file);
  const begun = `${whole}.new`;
  await writeFile(begun, text, { mode });
  await chmod(begun, mode);
  await rename(begun, whole);
}
