/** An ident number as people write it: `0x00A2`. */
export function formatIdent(ident: number): string {
  return `0x${ident.toString(16).toUpperCase().padStart(4, '0')}`;
}
