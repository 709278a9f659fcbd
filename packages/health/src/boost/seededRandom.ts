/** Random numbers that a seed repeats exactly, on every machine. */

/** Uniform numbers in [0, 1) with 32 random bits each (SplitMix32, after Steele, Lea and Flood, OOPSLA 2014). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 4294967296;
  };
}

/** Draws `count` of the members without repetition; the members are reordered, the drawn ones come first. */
export function drawFirst(members: Int32Array, count: number, random: () => number): Int32Array {
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (members.length - i));
    const swapped = members[i];
    members[i] = members[other];
    members[other] = swapped;
  }
  return members.subarray(0, count);
}
