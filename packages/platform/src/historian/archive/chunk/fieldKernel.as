/**
 * AssemblyScript: the inner loops that unpack a block, four fields at a time. `fieldKernelModule.ts` holds what it compiles
 * to; a test compiles it again and compares. The name does not end in `.ts` because it is not TypeScript: its types are those
 * of WebAssembly.
 *
 * `fieldKernel.ts` says what each function does; its `ScriptKernel` does the same in JavaScript.
 */

/** The fields of one block, and behind them the numbers that are made of them. */
const FIELDS: usize = 32768;
const NUMBERS: usize = FIELDS + 128 * 4;
const NUMBERS_END: usize = NUMBERS + 128 * 8;

/** Of each field and those before it the sum. */
@inline
function sums(fields: v128): v128 {
  const pairs = i32x4.add(fields, i8x16.shuffle(fields, i32x4.splat(0), 16, 17, 18, 19, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  return i32x4.add(pairs, i8x16.shuffle(pairs, i32x4.splat(0), 16, 17, 18, 19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7));
}

@inline
function upper(fields: v128): v128 {
  return i8x16.shuffle(fields, fields, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

@inline
function last(fields: v128): v128 {
  return i8x16.shuffle(fields, fields, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
}

export function unpack(at: usize, width: i32): void {
  const mask = i32x4.splat(width == 32 ? -1 : (1 << width) - 1);
  for (let into: usize = FIELDS, bit = 0; into < NUMBERS; into += 16, bit += width) {
    const from = at + ((bit >>> 5) << 4);
    const low = i32x4.shr_u(v128.load(from), bit & 31);
    // Twice shifted, because a shift by 32 would be none.
    const high = i32x4.shl(i32x4.shl(v128.load(from, 16), 1), 31 - (bit & 31));
    v128.store(into, v128.and(v128.or(low, high), mask));
  }
}

@inline
function time(first: v128, step: v128, perStep: v128, rest: v128, perRest: v128): v128 {
  const onGrid = f64x2.add(first, f64x2.mul(f64x2.convert_low_i32x4_s(step), perStep));
  return f64x2.add(onGrid, f64x2.mul(f64x2.convert_low_i32x4_s(rest), perRest));
}

export function times(first: f64, perStep: f64, perRest: f64, leastStep: i32, restBits: i32): void {
  const firsts = f64x2.splat(first);
  const stepUnits = f64x2.splat(perStep);
  const restUnits = f64x2.splat(perRest);
  const least = i32x4.splat(leastStep);
  const restMask = i32x4.splat((1 << restBits) - 1);
  let before = i32x4.splat(-leastStep);
  for (let from: usize = FIELDS, into: usize = NUMBERS; into < NUMBERS_END; from += 16, into += 32) {
    const fields = v128.load(from);
    const steps = i32x4.add(before, sums(i32x4.add(least, i32x4.shr_u(fields, restBits))));
    const rests = v128.and(fields, restMask);
    v128.store(into, time(firsts, steps, stepUnits, rests, restUnits));
    v128.store(into, time(firsts, upper(steps), stepUnits, upper(rests), restUnits), 16);
    before = last(steps);
  }
}

/** The fields become levels. */
export function carry(start: i32, rise: i32): void {
  const rises = i32x4.splat(rise);
  let before = i32x4.splat(start);
  for (let at: usize = FIELDS; at < NUMBERS; at += 16) {
    const levels = i32x4.add(before, sums(i32x4.add(rises, v128.load(at))));
    v128.store(at, levels);
    before = last(levels);
  }
}

export function lift(rise: i32): void {
  const rises = i32x4.splat(rise);
  for (let at: usize = FIELDS; at < NUMBERS; at += 16) v128.store(at, i32x4.add(rises, v128.load(at)));
}

@inline
function value(base: v128, level: v128, step: v128): v128 {
  return f64x2.add(base, f64x2.mul(f64x2.convert_low_i32x4_s(level), step));
}

export function exact(base: f64, step: f64): void {
  const bases = f64x2.splat(base);
  const steps = f64x2.splat(step);
  for (let from: usize = FIELDS, into: usize = NUMBERS; into < NUMBERS_END; from += 16, into += 32) {
    const levels = v128.load(from);
    v128.store(into, value(bases, levels, steps));
    v128.store(into, value(bases, upper(levels), steps), 16);
  }
}

export function float32(base: f64, step: f64): void {
  const bases = f64x2.splat(base);
  const steps = f64x2.splat(step);
  for (let from: usize = FIELDS, into: usize = NUMBERS; into < NUMBERS_END; from += 16, into += 32) {
    const levels = v128.load(from);
    const low = f32x4.demote_f64x2_zero(value(bases, levels, steps));
    const high = f32x4.demote_f64x2_zero(value(bases, upper(levels), steps));
    v128.store(into, f64x2.promote_low_f32x4(low));
    v128.store(into, f64x2.promote_low_f32x4(high), 16);
  }
}

export function decimal(base: f64, step: f64, scale: f64): void {
  const bases = f64x2.splat(base);
  const steps = f64x2.splat(step);
  const scales = f64x2.splat(scale);
  const half = f64x2.splat(0.5);
  for (let from: usize = FIELDS, into: usize = NUMBERS; into < NUMBERS_END; from += 16, into += 32) {
    const levels = v128.load(from);
    const low = f64x2.floor(f64x2.add(value(bases, levels, steps), half));
    const high = f64x2.floor(f64x2.add(value(bases, upper(levels), steps), half));
    v128.store(into, f64x2.div(low, scales));
    v128.store(into, f64x2.div(high, scales), 16);
  }
}
