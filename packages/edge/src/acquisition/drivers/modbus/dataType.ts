/** The types of values that registers hold, and how many registers each takes. */

/** A text takes as many registers as its address says. */
export const REGISTERS = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int48: 3,
  uint48: 3,
  int64: 4,
  uint64: 4,
  float16: 1,
  float32: 2,
  float64: 4,
  bcd16: 1,
  bcd32: 2,
  string: 0,
} as const;

export type DataType = keyof typeof REGISTERS;

const DATA_TYPES = Object.keys(REGISTERS) as readonly DataType[];

/** How wide a field of bits may be that is read as one of these; signed ones take its highest bit for the sign. */
export const FIELD_BITS: Readonly<Partial<Record<DataType, number>>> = { int8: 8, uint8: 8, int16: 16, uint16: 16 };

/** `undefined` where `name` is none. */
export function parseDataType(name: string): DataType | undefined {
  return DATA_TYPES.find((dataType) => dataType === name.toLowerCase());
}

export function dataTypeList(): string {
  return DATA_TYPES.join(', ');
}
