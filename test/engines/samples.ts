/** The EICAR test file, 68 bytes, put together at run time so that no scanner stops at this repository. */
export const eicar = (): Uint8Array => {
  const reversed = ['*H+H$!ELIF-TSET-', 'SURIVITNA-DRADNATS-', 'RACIE$}7)CC7)^P(45XZP', '\\4[PA@%P!O5X'];
  return new TextEncoder().encode([...reversed.join('')].reverse().join(''));
};
