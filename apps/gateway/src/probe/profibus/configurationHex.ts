/** The configuration of a slave as its key in gateway.yaml takes it: `20 51 11`. */

export function configurationHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
