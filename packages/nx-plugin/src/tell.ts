import { logger } from '@nx/devkit';
import { type Diagnostic, StowageError } from '@stowage/core';

/** Does a task's work; a problem that a person can mend is told and fails the task, anything else is a bug and thrown. */
export async function toldIfItFails(work: () => Promise<boolean>): Promise<{ success: boolean }> {
  try {
    return { success: await work() };
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    const { code, message, where, hint } = error;
    logger.error(`${code} ${message}${placeOf(where)}${hint === undefined ? '' : `\n${hint}`}`);
    return { success: false };
  }
}

export function tell({ level, code, message, file, line, hint }: Diagnostic): void {
  const text = `${code}: ${message}${placeOf({ ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) })}`;
  if (level === 'warning') logger.warn(hint === undefined ? text : `${text}\n${hint}`);
  else logger.info(text);
}

function placeOf(where: { readonly file?: string; readonly line?: number } | undefined): string {
  if (where?.file === undefined) return '';
  return ` (${where.line === undefined ? where.file : `${where.file}:${where.line}`})`;
}
