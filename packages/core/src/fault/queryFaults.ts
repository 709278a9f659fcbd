/** What can be wrong with a question about history, with the lake, and with SQL. */

import type { FaultEntry } from './faultEntry.ts';

export const QUERY_FAULTS = {
  'history.future': {
    meaning: 'A question about history is about the future: nothing has been measured there yet.',
    httpStatus: 400,
    remedy: 'Let the range begin before now (`*`).',
  },
  'history.too-much': {
    meaning: 'A question about history would need more samples, or give more values, than one answer holds.',
    httpStatus: 400,
    remedy: 'Ask for fewer tags, a shorter range or longer intervals; raw samples come in pages.',
  },
  'aggregate.unknown': {
    meaning: 'There is no aggregate with this name.',
    httpStatus: 400,
    remedy: 'Take one of the names that are suggested; docs/aggregates.md lists all 37.',
  },
  'expression.invalid': {
    meaning: 'An expression over tags cannot be read, or calls what does not exist.',
    httpStatus: 400,
    remedy: "Correct it at the character named. Tags stand in single quotes: 'site/pump/flow' > 10.",
  },
  'unit.unknown': {
    meaning: 'A unit of measure is no UCUM code.',
    httpStatus: 400,
    remedy: 'Take the code that is suggested, or look it up at ucum.org: Cel, kW.h, m3/h, [psi].',
  },
  'unit.incommensurable': {
    meaning: 'Values in one unit of measure cannot be converted to another.',
    httpStatus: 400,
    remedy: 'Ask for a unit of the same quantity. Levels such as dB and pH are not converted.',
  },
  'lake.manifest': {
    meaning: 'The manifest of the lake is damaged or of another version.',
    httpStatus: 500,
    remedy:
      'Move manifest.json away: the lake is published anew from the archive, and what it has named is removed then.',
  },
  'lake.unwritable': {
    meaning: 'The directory of the lake cannot be read or written.',
    httpStatus: 500,
    remedy:
      'Look at the disk and at the rights of the directory named beside this fault; the next publication tries again.',
  },
  'lake.day': {
    meaning: 'A day that is to be published does not exist.',
    httpStatus: 400,
    remedy: 'Name a day of the calendar as 2026-01-31.',
  },
  'lake.publisher': {
    meaning: 'The process that publishes the lake ended before it was done.',
    httpStatus: 503,
    remedy: 'The next publication goes on where it stopped. If it happens again, look at the memory of the machine.',
  },
  'sql.disabled': {
    meaning: 'This server answers no SQL.',
    httpStatus: 404,
    remedy: 'Ask the history endpoints, read the lake, or have SQL enabled in the configuration of the server.',
  },
  'sql.syntax': {
    meaning: 'An SQL statement cannot be understood or evaluated.',
    httpStatus: 400,
    remedy: 'Correct it at the place named. The dialect is that of DuckDB; `SHOW TABLES` and `DESCRIBE history` help.',
  },
  'sql.refused': {
    meaning: 'An SQL statement would do more than read the history of the plant.',
    httpStatus: 403,
    remedy:
      'Send one SELECT, WITH, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN statement over the tables and functions of Tidegate.',
  },
  'sql.argument': {
    meaning: 'A history function in an SQL statement has an argument that it cannot have.',
    httpStatus: 400,
    remedy:
      "Give constants, as in raw('site/area/tag', '*-8h', '*'); a function that depends on rows of a table needs one statement for each.",
  },
  'sql.timeout': {
    meaning: 'An SQL statement ran longer than it may.',
    httpStatus: 408,
    remedy: 'Ask for less: limit `day` in history, name tags, or use aggregate(...) instead of raw samples.',
  },
  'sql.memory': {
    meaning: 'An SQL statement needs more memory than it may have.',
    httpStatus: 413,
    remedy: 'Ask for fewer rows or groups at once, or read the Parquet files of the lake with a tool of your own.',
  },
  'sql.cancelled': {
    meaning: 'An SQL statement was ended by the one who sent it, or because the server stops.',
    httpStatus: 499,
    remedy: 'Nothing needs to be done.',
  },
  'sql.busy': {
    meaning: 'As many SQL statements as the server allows are running already.',
    httpStatus: 503,
    remedy: 'Send it again when another one has ended.',
  },
  'sql.engine': {
    meaning: 'The SQL engine ended while it worked on a statement.',
    httpStatus: 503,
    remedy: 'Send the statement again: the engine starts anew. If the same statement ends it twice, report it.',
  },
} as const satisfies Record<string, FaultEntry>;
