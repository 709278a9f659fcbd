/** Octet strings as text: the standard says nothing of their alphabet (IEEE Std 1815-2012, group 110). */

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** Up to the first NUL; UTF-8 where it is that, otherwise Latin-1. An empty string is sent as one NUL. */
export function octetText(octets: Uint8Array): string {
  const end = octets.indexOf(0);
  const text = end < 0 ? octets : octets.subarray(0, end);
  try {
    return utf8.decode(text);
  } catch {
    return latin1.decode(text);
  }
}
