/** The headers that every answer carries, so that a browser lets nobody else use or dress up what it is given. */

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
} as const;

/**
 * Everything comes from this server, nothing is inline, nothing can be sent elsewhere, and no page may frame the console.
 * A style element must carry `styleNonce`; the libraries of the console find it in a meta element and set it.
 */
export function responseHeaders(styleNonce?: string): Record<string, string> {
  const nonce = styleNonce ? ` 'nonce-${styleNonce}'` : '';
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return { ...ALWAYS, 'content-security-policy': policy.join('; ') };
}
