/** Whoever reads what a process prints may go away: `| head`, a terminal that is closed. The process does not go with them. */

/** Lets writes to standard output and standard error go nowhere once their reader has gone. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
