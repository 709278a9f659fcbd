/** What `powercut.c` has written down: the changes below a directory in their order, the syncs, and what was promised. */

/** Paths are relative to the directory that was watched; the empty path is the directory itself. */
export type TraceRecord =
  | { readonly kind: 'open'; readonly fd: number; readonly flags: number; readonly path: string }
  | { readonly kind: 'close'; readonly fd: number }
  | { readonly kind: 'dup'; readonly fd: number; readonly to: number }
  | { readonly kind: 'write'; readonly fd: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: number | string; readonly length: number }
  /** The file is at least `end` bytes long afterwards. */
  | { readonly kind: 'allocate'; readonly fd: number; readonly end: number }
  | { readonly kind: 'syncBegin'; readonly fd: number; readonly sync: number }
  | { readonly kind: 'syncEnd'; readonly sync: number; readonly succeeded: boolean }
  | { readonly kind: 'makeDirectory'; readonly path: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'symlink'; readonly target: string; readonly path: string }
  /** Something written to standard output. */
  | { readonly kind: 'mark'; readonly text: string }
  /** A change that cannot be followed. */
  | { readonly kind: 'unseen'; readonly what: string };

const HEAD_BYTES = 24;
const KIND_AT = 4;
const A_AT = 8;
const B_AT = 16;

/** The last record may be cut short where the program was killed while it was written: it is left out. */
export function decodeTrace(trace: Buffer): TraceRecord[] {
  const records: TraceRecord[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= trace.length) {
    const end = at + trace.readUInt32LE(at);
    if (end > trace.length) break;
    const a = Number(trace.readBigInt64LE(at + A_AT));
    const b = Number(trace.readBigInt64LE(at + B_AT));
    records.push(decodeRecord(String.fromCharCode(trace[at + KIND_AT]), a, b, trace.subarray(at + HEAD_BYTES, end)));
    at = end;
  }
  return records;
}

function decodeRecord(kind: string, a: number, b: number, bytes: Buffer): TraceRecord {
  const text = () => bytes.toString();
  const [first, second] = 'RLY'.includes(kind) ? text().split('\0') : [];
  switch (kind) {
    case 'O':
      return { kind: 'open', fd: a, flags: b, path: text() };
    case 'C':
      return { kind: 'close', fd: a };
    case 'D':
      return { kind: 'dup', fd: a, to: b };
    case 'W':
      return { kind: 'write', fd: a, offset: b, bytes };
    case 'T':
      return { kind: 'truncate', file: a, length: b };
    case 't':
      return { kind: 'truncate', file: text(), length: b };
    case 'A':
      return { kind: 'allocate', fd: a, end: b };
    case 'S':
      return { kind: 'syncBegin', fd: a, sync: b };
    case 's':
      return { kind: 'syncEnd', sync: b, succeeded: a === 0 };
    case 'M':
      return { kind: 'makeDirectory', path: text() };
    case 'U':
      return { kind: 'remove', path: text() };
    case 'R':
      return { kind: 'rename', path: first, to: second };
    case 'L':
      return { kind: 'link', path: first, to: second };
    case 'Y':
      return { kind: 'symlink', target: first, path: second };
    case 'K':
      return { kind: 'mark', text: text() };
    default:
      return { kind: 'unseen', what: text() };
  }
}

/** One line for a person. */
export function describeRecord(record: TraceRecord): string {
  const { kind, ...rest } = record;
  const parts = Object.entries(rest).map(([name, value]) =>
    Buffer.isBuffer(value) ? `${value.length} bytes` : `${name} ${String(value).trim()}`,
  );
  return `${kind} ${parts.join(', ')}`;
}
