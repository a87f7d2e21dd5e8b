import { didYouMean, ErrorCode, StowageError } from '../errors.ts';

const architectures = ['amd64', 'arm64', 'arm', '386', 'ppc64le', 's390x', 'riscv64', 'loong64', 'mips64le', 'x86_64', 'aarch64', 'armhf', 'armel'];

/**
 * Refuses what no builder builds Linux images for, before anything is packed: `linux/amd64` or `linux/arm/v7`, also without the system, is right;
 * `local` is the builder's own.
 * @throws StowageError Usage
 */
export function assertPlatform(platform: string): void {
  const [system, architecture, variant, ...more] = platform.startsWith('linux') ? platform.split('/') : ['linux', ...platform.split('/')];
  const isKnown = architecture === undefined || architectures.includes(architecture);
  if (platform === 'local' || (system === 'linux' && isKnown && variant !== '' && more.length === 0)) return;
  throw new StowageError(ErrorCode.Usage, `"${platform}" is no platform that Linux images are built for.`, {
    hint: didYouMean(platform, ['linux/amd64', 'linux/arm64', 'linux/arm/v7']) ?? 'Name one such as linux/amd64 or linux/arm64.',
  });
}
