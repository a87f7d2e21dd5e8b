import type { Finding, LintInput } from './finding.ts';
import { parseStages } from './parse-stages.ts';
import { devDependencies } from './rules/dev-dependencies.ts';
import { ignoreFile } from './rules/ignore-file.ts';
import { manifestList } from './rules/manifest-list.ts';
import { otherManager } from './rules/other-manager.ts';
import { rootUser } from './rules/root-user.ts';
import { secrets } from './rules/secrets.ts';
import { sourcesFirst } from './rules/sources-first.ts';
import { unfrozen } from './rules/unfrozen.ts';

const rules = [manifestList, sourcesFirst, otherManager, unfrozen, secrets, rootUser, devDependencies, ignoreFile];

/**
 * What real Dockerfiles of monorepos get wrong: manifests that rot, sources before the install, root, secrets in layers, devDependencies
 * in the image, installs that may leave the lockfile, an ignore file that Docker never reads. Sorted by line.
 */
export function lintDockerfile({ text, ...facts }: LintInput): Finding[] {
  const stages = parseStages(text);
  if (stages.length === 0) return [{ line: 1, code: 'no-stage', message: 'There is no FROM.', hint: 'Begin a stage with FROM <image> AS <name>.' }];
  return rules.flatMap((rule) => rule(stages, facts)).sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1));
}
