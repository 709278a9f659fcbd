/** What a UART at another bit rate makes of a line, for tests: the bits of the line are sampled where it takes its own to be. */

/** Start bit, eight data bits, even parity, stop bit. */
const CHARACTER_BITS = 11;

/** The bytes that are received at `factor` times the bit rate at which `stream` was sent without a pause. */
export function sampledAt(stream: Uint8Array, factor: number): Uint8Array {
  const line = [...stream].flatMap((byte) => {
    const bits = Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1);
    return [0, ...bits, bits.reduce((sum, bit) => sum ^ bit, 0), 1];
  });
  const at = (bit: number) => line[Math.floor(bit / factor)] ?? 1;
  const bytes: number[] = [];
  for (let bit = 0; bit < line.length * factor; ) {
    if (at(bit + 0.5) === 1) bit++;
    else {
      bytes.push(Array.from({ length: 8 }, (_, n) => at(bit + 1.5 + n) << n).reduce((sum, value) => sum | value, 0));
      bit += CHARACTER_BITS;
    }
  }
  return Uint8Array.from(bytes);
}
