/**
 * Bun prints `trustedDependencies` and `patchedDependencies` in the order of a hash table's slots, so what is left after a prune may
 * stand in another order than before. This works that order out: keys are wyhash (in the form of its first release) of the text; slots are
 * wyhash (final version) of the key, linear probing, filled to four fifths.
 */

const PRIMES = [0xa0761d6478bd642fn, 0xe7037ed1a0b428dbn, 0x8ebc6af09c88c6e3n, 0x589965cc75374cc3n, 0x1d8e4e27c47d124fn] as const;

/**
 * @param texts in the order in which they are put into the table
 * @param reserved how many the table was made for
 */
export function inWrittenOrder(texts: Iterable<string>, reserved: number): string[] {
  const distinct = [...new Set(texts)];
  const size = BigInt(capacityFor(Math.max(reserved, distinct.length)));
  const slots = new Map<bigint, string>();
  for (const text of distinct) {
    let slot = hashOfKey(hashOfText(Buffer.from(text))) % size;
    while (slots.has(slot)) slot = (slot + 1n) % size;
    slots.set(slot, text);
  }
  return [...slots].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

function capacityFor(count: number): number {
  return Math.max(8, 2 ** Math.ceil(Math.log2(Math.floor((count * 100) / 80) + 1)));
}

function folded(a: bigint, b: bigint): bigint {
  const product = a * b;
  return BigInt.asUintN(64, product ^ (product >> 64n));
}

/** Wyhash as first released: blocks of 32 bytes, five primes. */
function hashOfText(bytes: Buffer): bigint {
  let seed = 0n;
  const whole = bytes.length - (bytes.length % 32);
  for (let at = 0; at < whole; at += 32) {
    const word = (index: number) => bytes.readBigUInt64LE(at + 8 * index);
    seed = mixed(word(0), word(1), seed, 0) ^ mixed(word(2), word(3), seed, 2);
  }
  const rest = bytes.subarray(whole);
  const word = (index: number) => (rest.length > 8 * index ? tailWord(rest.subarray(8 * index, 8 * index + 8)) : PRIMES[4]);
  if (rest.length > 16) seed = mixed(word(0), word(1), seed, 0) ^ mixed(word(2), word(3), seed, 2);
  else if (rest.length > 0) seed = mixed(word(0), word(1), seed, 0);
  return folded(seed ^ BigInt(bytes.length), PRIMES[4]);
}

function mixed(a: bigint, b: bigint, seed: bigint, prime: 0 | 2): bigint {
  return folded(a ^ seed ^ PRIMES[prime], b ^ seed ^ PRIMES[(prime + 1) as 1 | 3]);
}

/** One to eight bytes as a number: little-endian pieces of four, two and one byte, the first highest. */
function tailWord(bytes: Buffer): bigint {
  let value = 0n;
  for (let at = 0; at < bytes.length; ) {
    const left = bytes.length - at;
    const size = left >= 4 ? 4 : left >= 2 ? 2 : 1;
    value = (value << BigInt(8 * size)) | BigInt(bytes.readUIntLE(at, size));
    at += size;
  }
  return value;
}

/** Final wyhash of a number of 64 bits, seed 0. */
function hashOfKey(key: bigint): bigint {
  const [low, high] = [key & 0xffffffffn, key >> 32n];
  const product = (((low << 32n) | high) ^ PRIMES[1]) * (((high << 32n) | low) ^ folded(PRIMES[0], PRIMES[1]));
  return folded(BigInt.asUintN(64, product) ^ PRIMES[0] ^ 8n, (product >> 64n) ^ PRIMES[1]);
}
