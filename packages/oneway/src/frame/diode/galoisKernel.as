/**
 * AssemblyScript: the inner loop of the erasure code, sixteen bytes at a time. `galoisKernelModule.ts` holds what it
 * compiles to; a test compiles it again and compares. The name does not end in `.ts` because it is not TypeScript: its
 * types are those of WebAssembly.
 *
 * A product in GF(2^8) is linear over XOR, so that it is the XOR of the products of the two halves of a byte, and each half
 * has 16 values: two shuffles of a register (Plank, Greenan, Miller: "Screaming Fast Galois Field Arithmetic Using Intel
 * SIMD Instructions", FAST 2013).
 */

/** The products of a factor and 0 to 15, and of the factor and 0, 16, ... 240: 32 bytes for each of the 256 factors. */
const TABLES: usize = 0;
const TABLE_BYTES: usize = 32;

@inline
function product(low: v128, high: v128, bytes: v128): v128 {
  return v128.xor(
    v128.swizzle(low, v128.and(bytes, i8x16.splat(15))),
    v128.swizzle(high, v128.shr<u8>(bytes, 4)),
  );
}

/**
 * target ^= factors[0] * source 0 ^ factors[1] * source 1 ^ ...: `count` sources of `bytes` bytes each stand one behind the
 * other. `bytes` is a multiple of 16.
 */
export function accumulate(target: usize, sources: usize, factors: usize, count: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    let a = v128.load(target + at);
    let b = v128.load(target + at, 16);
    let c = v128.load(target + at, 32);
    let d = v128.load(target + at, 48);
    let source = sources + at;
    for (let index: usize = 0; index < count; index++, source += bytes) {
      const table = TABLES + TABLE_BYTES * <usize>load<u8>(factors + index);
      const low = v128.load(table);
      const high = v128.load(table, 16);
      a = v128.xor(a, product(low, high, v128.load(source)));
      b = v128.xor(b, product(low, high, v128.load(source, 16)));
      c = v128.xor(c, product(low, high, v128.load(source, 32)));
      d = v128.xor(d, product(low, high, v128.load(source, 48)));
    }
    v128.store(target + at, a);
    v128.store(target + at, b, 16);
    v128.store(target + at, c, 32);
    v128.store(target + at, d, 48);
  }
  for (; at < bytes; at += 16) {
    let a = v128.load(target + at);
    let source = sources + at;
    for (let index: usize = 0; index < count; index++, source += bytes) {
      const table = TABLES + TABLE_BYTES * <usize>load<u8>(factors + index);
      a = v128.xor(a, product(v128.load(table), v128.load(table, 16), v128.load(source)));
    }
    v128.store(target + at, a);
  }
}
