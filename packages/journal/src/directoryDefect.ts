/** Says in a user's words why a directory cannot be made or written to. */

const DEFECTS: Readonly<Record<string, string>> = {
  EACCES: 'may not be written to',
  EPERM: 'may not be written to',
  EROFS: 'may not be written to',
  ENOSPC: 'cannot be written: the disk is full',
  EEXIST: 'cannot be made: there is a file in its place',
  ENOENT: 'cannot be made: no directory can be made in that place',
  ENOTDIR: 'cannot be made: there is a file in its place',
};

/** What follows the name of the directory, without a full stop, from the error that the file system gave. */
export function directoryDefect({ code, message }: NodeJS.ErrnoException): string {
  return DEFECTS[code ?? ''] ?? `cannot be used (${message})`;
}
