import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordOf } from '../../tests/kit/engine.ts';

/** What a command of a hand-written Dockerfile takes long for; nothing where it only sets up tools. */
function purposeOf(command: string): 'install' | 'build' | undefined {
  if (/\bapk |\bapt-get |corepack |add -g|global add|turbo prune/.test(command)) return undefined;
  if (/\b(install|fetch|focus)\b|--frozen-lockfile/.test(command)) return 'install';
  return /\bbuild\b|\bgenerate\b|db-generate/.test(command) ? 'build' : undefined;
}

const longCommand = /^RUN (?:.*\\\n)*.*$/gm;

/**
 * Asks the engine which commands of a Dockerfile run again: it is built with its own stages and copies, but with installs and builds that
 * take no time. What it tells of each is a word that is new where the command ran.
 */
export function ownSteps(text: string, scratch: string): (words: readonly string[], context: string) => Promise<ReadonlyMap<string, string>> {
  const file = join(scratch, 'Steps');
  const stages = text.split(/^(?=FROM )/m);
  const stood = stages.map((stage) =>
    stage
      .replace(longCommand, (command) => {
        const purpose = purposeOf(command);
        return purpose === undefined ? command : `RUN : ${purpose}`;
      })
      .replace(/^FROM .*$/m, (line) => `${line}\nENV STOWAGE_BENCH=${randomUUID()}`),
  );
  writeFileSync(file, stood.join(''));
  const last = stood.findLast((stage) => /^RUN : /m.test(stage));
  const target = /^FROM .* AS (\S+)/im.exec(last ?? '')?.[1];
  const tokens = new Map<string, string>();
  return async (words, context) => {
    const record = await recordOf('--output=type=cacheonly', `--file=${file}`, `--target=${target}`, ...words, context);
    for (const { instruction, cached } of record) {
      const purpose = /^RUN : (\w+)/.exec(instruction ?? '')?.[1];
      if (purpose !== undefined && !(cached && tokens.has(purpose))) tokens.set(purpose, randomUUID());
    }
    return new Map(tokens);
  };
}
