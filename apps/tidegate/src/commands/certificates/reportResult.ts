/** How a command about certificates ends: what it says, or what is wrong. */

import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import { directoryDefect } from '@tidegate/journal/directoryDefect.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { reportFault } from '../../reportFault.ts';

/** Writes the text of `work`, or its fault; what the file system refuses in `directory` is a fault too. */
export async function reportResult(directory: string, work: () => Promise<Result<string>>): Promise<void> {
  const result = await work().catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined || error.syscall === undefined) throw error;
    const path = error.path ?? directory;
    // The defects are those of writing; that something to be read is not there is said otherwise.
    const missing = error.code === 'ENOENT' && /^(open|stat)$/.test(error.syscall);
    return missing
      ? failure('certificate.missing', `${path} is not there`)
      : failure('certificate.directory', `${path} ${directoryDefect(error)}`);
  });
  if (result.ok) {
    process.stdout.write(result.value);
    return;
  }
  reportFault(result.fault);
  process.exitCode = EXIT.refused;
}
