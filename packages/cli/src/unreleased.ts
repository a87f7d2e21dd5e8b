import type { Diagnostic } from '@stowage/core';

/**
 * What is written by a program that was built from sources names a version that no registry has.
 * @param option that has it call a copy of this program instead
 */
export function unreleased(option: string): Diagnostic[] {
  if (STOWAGE_VERSION !== '0.0.0') return [];
  return [
    {
      level: 'warning',
      code: 'version-unreleased',
      message: `This program is version ${STOWAGE_VERSION}, built from sources: what is written calls stowage@${STOWAGE_VERSION}, which no registry has.`,
      hint: `Say ${option}, so that a copy of this program in the repository is called; \`stowage init --vendor\` makes one.`,
    },
  ];
}
