/** What can be wrong with what is kept: journals, the archive, its tags, edits and backups. */

import type { FaultEntry } from './faultEntry.ts';

export const HISTORIAN_FAULTS = {
  'tag.unknown': {
    meaning: 'No tag has this index, path, id or alias.',
    httpStatus: 404,
    remedy: 'Take the nearest name where one is given, or look the tag up with /api/v1/tags?search=.',
  },
  'tag.ambiguous': {
    meaning: 'Several tags have this name.',
    httpStatus: 409,
    remedy: 'Name the tag by one of the paths that are suggested, or by its index.',
  },
  'tag.exists': {
    meaning: 'There is a tag with this path already.',
    httpStatus: 409,
    remedy: 'Import into the tag that is named, or choose another path.',
  },
  'tag.invalid': {
    meaning: 'The definition of a tag contradicts itself or lacks something.',
    httpStatus: 400,
    remedy: 'Correct the field that is named.',
  },
  'edit.invalid': {
    meaning: 'A change of history lacks its author or its reason, or names times or values that cannot be.',
    httpStatus: 400,
    remedy: 'Say who changes the history and why, and correct what is named.',
  },
  'annotation.unknown': {
    meaning: 'There is no annotation with this number, or it has been removed.',
    httpStatus: 404,
    remedy: 'List the annotations of the tag again.',
  },
  'journal.directory': {
    meaning: 'A directory in which records are kept cannot be used.',
    httpStatus: 503,
    remedy: 'See that the directory named exists or can be made, and that the process may read and write it.',
  },
  'journal.locked': {
    meaning: 'Another process has this journal open.',
    httpStatus: 503,
    remedy: 'Stop the process named, or give this one a directory of its own.',
  },
  'journal.key': {
    meaning: 'A journal holds encrypted records, and the key that is given does not open them.',
    httpStatus: 503,
    remedy:
      'Put the key file back with which they were written. Without it they are lost: move the directory of the journal away, and the rest goes on.',
  },
  'journal.full': {
    meaning: 'There is no space on the disk, or no quota, for more records.',
    httpStatus: 507,
    remedy: 'Make room on the disk named; writing goes on by itself.',
  },
  'journal.write': {
    meaning: 'The disk refuses to write records or to confirm that it has.',
    httpStatus: 503,
    remedy: 'Check the disk and the kernel log of the machine; writing is tried again with every record.',
  },
  'journal.closed': {
    meaning: 'A record came after the journal had been closed.',
    httpStatus: 503,
    remedy: 'The process is stopping; nothing needs to be done.',
  },
  'archive.full': {
    meaning: 'The disk of the server is full: samples can be read but no more can be taken.',
    httpStatus: 507,
    remedy: 'Free space on the disk of the data directory. The gateways keep their samples and offer them again.',
  },
  'archive.unwritable': {
    meaning: 'The data directory of the server cannot be read or written.',
    httpStatus: 500,
    remedy: 'Look at the disk and at the rights of the data directory named beside this fault.',
  },
  'archive.damaged': {
    meaning: 'A database in the data directory of the server is damaged, or is none.',
    httpStatus: 500,
    remedy:
      'Look at the disk, and put the file that is named back from a backup. Without one, move it away: what it held begins anew.',
  },
  'archive.newer': {
    meaning: 'The data directory of the server was written by a newer version of this program.',
    httpStatus: 500,
    remedy: 'Start the newer version again, or restore a backup that was made before the update.',
  },
  'archive.in-use': {
    meaning: 'Another process has the data directory of the server open.',
    httpStatus: 409,
    remedy: 'Stop the other server, or give this one a data directory of its own.',
  },
  'archive.absent': {
    meaning: 'There is no archive in a directory.',
    httpStatus: 404,
    remedy: 'Name the dataDirectory of a server with --data DIR, or the directory of a backup where one is verified.',
  },
  'archive.control': {
    meaning: 'The server that holds an archive does not do what is asked of it from its own machine.',
    httpStatus: 503,
    remedy: 'Ask as the user that the server runs as; if it is the same, see the log of the server.',
  },
  'import.invalid': {
    meaning: 'Samples cannot be imported as they are.',
    httpStatus: 400,
    remedy: 'Correct what is named; nothing of this request was imported.',
  },
  'backup.unwritable': {
    meaning: 'A backup cannot be written to its directory.',
    httpStatus: 507,
    remedy: 'Make room there, or name another directory. What was there before is still whole.',
  },
  'backup.damaged': {
    meaning: 'A backup lacks files, or they are not what was backed up.',
    httpStatus: 500,
    remedy: 'Use another backup; `tidegate archive verify --data DIR` names everything that is wrong with this one.',
  },
  'backup.newer': {
    meaning: 'A backup was made by a newer version of this program.',
    httpStatus: 500,
    remedy: 'Restore it with the version that made it.',
  },
  'backup.target': {
    meaning: 'A directory that is to be written anew holds something else, or is in use.',
    httpStatus: 409,
    remedy: 'Name a directory that is empty or does not exist.',
  },
} as const satisfies Record<string, FaultEntry>;
