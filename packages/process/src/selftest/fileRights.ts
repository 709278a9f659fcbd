/** Who may read and replace what must stay private or unchanged: keys, certificates, authorities, directories. */

import { type Stats, statSync } from 'node:fs';

export interface GuardedFile {
  readonly path: string;
  /** `private`: for its owner alone; `unchanged`: others may read it and not write it. */
  readonly need: 'private' | 'unchanged';
  /** What need not be there. */
  readonly optional?: true;
}

export interface FileRights {
  /** A line for each file that is there, such as `key.pem 600 of user 998`. */
  readonly rights: readonly string[];
  /** What is wrong, one clause each. */
  readonly defects: readonly string[];
  readonly owners: ReadonlySet<number>;
}

const ANYTHING_OF_OTHERS = 0o077;
const WRITING_OF_OTHERS = 0o022;
const PERMISSIONS = 0o777;
const ROOT = 0;

/** `owner` is the user whose process uses the files; they may be root's too where others may only read them. */
export function fileRights(files: readonly GuardedFile[], owner: number): FileRights {
  const rights: string[] = [];
  const defects: string[] = [];
  const owners = new Set<number>();
  for (const { path, need, optional } of files) {
    let state: Stats;
    try {
      state = statSync(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!optional || code !== 'ENOENT') defects.push(`${path} cannot be looked at (${code})`);
      continue;
    }
    const { mode, uid } = state;
    const octal = (mode & PERMISSIONS).toString(8).padStart(3, '0');
    owners.add(uid);
    rights.push(`${path} ${octal} of user ${uid}`);
    if (need === 'private' && (mode & ANYTHING_OF_OTHERS) !== 0)
      defects.push(`${path} may be used by others (mode ${octal})`);
    if (need === 'unchanged' && (mode & WRITING_OF_OTHERS) !== 0)
      defects.push(`${path} may be written by others (mode ${octal})`);
    const mayOwn = uid === owner || (need === 'unchanged' && uid === ROOT);
    if (!mayOwn) defects.push(`${path} is of user ${uid}, and user ${owner} uses it`);
  }
  return { rights, defects, owners };
}
