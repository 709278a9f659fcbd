/** The fields of which DNP3 objects are made: IEEE 1815-2012, 11, and the object library of annex A. */

/** What one object of a fragment says; only what its variation carries is present. */
export interface Dnp3Point {
  readonly index: number;
  value?: number;
  flags?: number;
  /** Milliseconds since 1970 UTC (DNP3TIME). */
  timeMs?: number;
  /** Milliseconds after the common time of occurrence (group 51) that stands before it, or a measured delay. */
  delayMs?: number;
  /** The control code of a relay output block. */
  control?: number;
  /** What became of a command. */
  status?: number;
  /** Contents that no field describes: octet strings, files, authentication. */
  octets?: Uint8Array;
}

interface Dnp3Field {
  readonly bytes: number;
  readonly read: (point: Dnp3Point, view: DataView, at: number) => void;
}

/** Two digits to the octet, the lowest first. */
function decimalAt(view: DataView, at: number, octets: number): number {
  let value = 0;
  for (let octet = octets - 1; octet >= 0; octet--) {
    const digits = view.getUint8(at + octet);
    value = value * 100 + (digits >> 4) * 10 + (digits & 0x0f);
  }
  return value;
}

function valued(bytes: number, valueAt: (view: DataView, at: number) => number): Dnp3Field {
  return {
    bytes,
    read: (point, view, at) => {
      point.value = valueAt(view, at);
    },
  };
}

/** Flags whose topmost bits are the state of a binary (one bit) or a double-bit input (two). */
function stated(stateBits: 0 | 1 | 2): Dnp3Field {
  return {
    bytes: 1,
    read: (point, view, at) => {
      point.flags = view.getUint8(at);
      if (stateBits > 0) point.value = point.flags >> (8 - stateBits);
    },
  };
}

const DNP3_FIELDS = {
  flags: stated(0),
  flagsBit: stated(1),
  flagsDouble: stated(2),
  i16: valued(2, (view, at) => view.getInt16(at, true)),
  i32: valued(4, (view, at) => view.getInt32(at, true)),
  u8: valued(1, (view, at) => view.getUint8(at)),
  u16: valued(2, (view, at) => view.getUint16(at, true)),
  u32: valued(4, (view, at) => view.getUint32(at, true)),
  f32: valued(4, (view, at) => view.getFloat32(at, true)),
  f64: valued(8, (view, at) => view.getFloat64(at, true)),
  bcd2: valued(2, (view, at) => decimalAt(view, at, 2)),
  bcd4: valued(4, (view, at) => decimalAt(view, at, 4)),
  bcd8: valued(8, (view, at) => decimalAt(view, at, 8)),
  time: {
    bytes: 6,
    read: (point, view, at) => {
      point.timeMs = view.getUint32(at, true) + view.getUint16(at + 4, true) * 2 ** 32;
    },
  },
  delay: {
    bytes: 2,
    read: (point, view, at) => {
      point.delayMs = view.getUint16(at, true);
    },
  },
  delaySeconds: {
    bytes: 2,
    read: (point, view, at) => {
      point.delayMs = view.getUint16(at, true) * 1000;
    },
  },
  control: {
    bytes: 1,
    read: (point, view, at) => {
      point.control = view.getUint8(at);
    },
  },
  status: {
    bytes: 1,
    read: (point, view, at) => {
      point.status = view.getUint8(at);
    },
  },
} satisfies Record<string, Dnp3Field>;

/** A sequence of fields read one behind the other; a number in it is so many octets that are skipped. */
export interface Dnp3Layout {
  readonly bytes: number;
  readonly read: (point: Dnp3Point, view: DataView, at: number) => void;
}

/** Builds a layout from the names of its fields, such as `flags i32 time`. */
export function dnp3Layout(text: string): Dnp3Layout {
  let bytes = 0;
  const placed: { field: Dnp3Field; offset: number }[] = [];
  for (const name of text.split(' ').filter((word) => word !== '')) {
    const field = name in DNP3_FIELDS ? DNP3_FIELDS[name as keyof typeof DNP3_FIELDS] : undefined;
    if (field) placed.push({ field, offset: bytes });
    else if (!/^\d+$/.test(name)) throw new Error(`no field of DNP3 is called ${name}`);
    bytes += field ? field.bytes : Number(name);
  }
  return {
    bytes,
    read: (point, view, at) => {
      for (const { field, offset } of placed) field.read(point, view, at + offset);
    },
  };
}
