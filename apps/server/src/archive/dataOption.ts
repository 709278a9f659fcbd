/** Where the archive is: the data directory of a server, or that of `tidegate start`, which has it below. */
export const DATA_OPTION = { data: { type: 'string', default: '.tidegate' } } as const;
