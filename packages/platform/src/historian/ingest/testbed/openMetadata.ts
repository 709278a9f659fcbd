/** A metadata database for one test. */

import { onTestFinished } from 'vitest';
import { MetadataDatabase } from '../metadataDatabase.ts';

/** In memory, unless a file is named; closed when the test has ended. */
export function openMetadata(path = ':memory:'): MetadataDatabase {
  const opened = MetadataDatabase.open(path);
  if (!opened.ok) throw new Error(opened.fault.detail);
  onTestFinished(() => opened.value.close());
  return opened.value;
}
