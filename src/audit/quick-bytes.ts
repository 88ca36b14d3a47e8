const letters = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

export const empty = Buffer.alloc(0);

/** True when the bytes at `at` are the base64 of this hash of 32 bytes. Compares without making a text. */
export function holdsBase64(bytes: Buffer, at: number, hash: Buffer): boolean {
  let place = at;
  for (let byte = 0; byte < 30; byte += 3) {
    const three = ((hash[byte] ?? 0) << 16) | ((hash[byte + 1] ?? 0) << 8) | (hash[byte + 2] ?? 0);
    if (
      bytes[place] !== letters[three >> 18] ||
      bytes[place + 1] !== letters[(three >> 12) & 63] ||
      bytes[place + 2] !== letters[(three >> 6) & 63] ||
      bytes[place + 3] !== letters[three & 63]
    )
      return false;
    place += 4;
  }
  const two = ((hash[30] ?? 0) << 8) | (hash[31] ?? 0);
  return (
    bytes[place] === letters[two >> 10] &&
    bytes[place + 1] === letters[(two >> 4) & 63] &&
    bytes[place + 2] === letters[(two << 2) & 63] &&
    bytes[place + 3] === 0x3d
  );
}
