/** Something that is wrong with an archive, as a person needs to hear it. */
export interface Finding {
  /** File, below the directory that is verified, and what of it. */
  readonly place: string;
  /** What is wrong and what is lost with it. */
  readonly defect: string;
  readonly remedy: string;
}

export type OnFinding = (finding: Finding) => void;

export const REMEDY = {
  segment:
    'Everything else is served. Where a backup has a file of this name that is whole, stop the server and copy it into its place; otherwise restore the backup as a whole.',
  log: 'Gateways may still hold what is lost and offer it again. Look at the disk, and make a backup now.',
  evidence: 'The archive needs nothing of it; what it proved can be proved no more. Look at the disk.',
  metadata: 'Stop the server and restore a backup: samples without their tags cannot be read.',
  backup: 'Make a new backup, and do not restore this one.',
} as const;
