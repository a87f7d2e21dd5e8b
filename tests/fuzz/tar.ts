import { gzipSync } from 'node:zlib';

const block = 512;

/** A package's tarball: files below `package/`, executable where their path is in `programs`. The same files give the same bytes. */
export function packTarball(files: Readonly<Record<string, string>>, programs: ReadonlySet<string>): Buffer {
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    return [header(`package/${path}`, content.length, programs.has(path) ? 0o755 : 0o644), content, Buffer.alloc(-content.length & (block - 1))];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]), { level: 1 });
}

/** A ustar header. */
function header(path: string, size: number, mode: number): Buffer {
  const buffer = Buffer.alloc(block);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  buffer.write(path, 0, 100);
  buffer.write(octal(mode, 8), 100);
  buffer.write(octal(0, 8), 108);
  buffer.write(octal(0, 8), 116);
  buffer.write(octal(size, 12), 124);
  buffer.write(octal(499162500, 12), 136);
  buffer.write(' '.repeat(8), 148);
  buffer.write('0', 156);
  buffer.write('ustar\x0000', 257);
  buffer.write(
    `${buffer
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return buffer;
}
