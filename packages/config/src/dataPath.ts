/** The keys and indexes that lead from the top of a document to a part of it, as in zod's issues. */
export type DataPath = readonly PropertyKey[];
