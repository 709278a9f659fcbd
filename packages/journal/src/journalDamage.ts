/** A place in a journal where records were and can no longer be read. */

export interface JournalDamage {
  /** Path of the segment file, or of the directory where a whole file is gone. */
  readonly file: string;
  /** Where the unreadable bytes begin. */
  readonly offset: number;
  /** How many there are; 0 where the file simply ends too early. */
  readonly bytes: number;
  /** The first record that is lost. */
  readonly firstNumber: number;
  /** The number behind the last record that may be lost: the next one that can be read, or that will be written. */
  readonly endNumber: number;
}
