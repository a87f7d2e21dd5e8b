import { DockerfileParser } from 'dockerfile-ast';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Diagnostic, Files, Importer, Stage } from '../model.ts';
import { closest } from '../nearest.ts';

/** Stages written by hand, by where they stand among the generated ones. */
export interface Fragment {
  /** Up to `before-install`, which the installs then start from. */
  readonly beforeInstall: readonly Stage[];
  /** Up to `before-build`, which the build then starts from. */
  readonly beforeBuild: readonly Stage[];
  /** The others: after everything. The last one is the image. */
  readonly after: readonly Stage[];
  readonly diagnostics: readonly Diagnostic[];
}

const none: Fragment = { beforeInstall: [], beforeBuild: [], after: [], diagnostics: [] };

/**
 * `stowage.Dockerfile` in the app's folder: stages that survive every generation. They may start from generated stages and copy from them.
 * @throws StowageError InvalidConfig for an instruction before the first FROM, and for stages that cannot be told apart
 */
export function readFragment(files: Files, app: Importer, generated: readonly string[]): Fragment {
  const path = app.id === '.' ? 'stowage.Dockerfile' : `${app.id}/stowage.Dockerfile`;
  const text = files.read(path);
  if (text === undefined) return none;
  const stages = parseStages(path, text.replaceAll('\r\n', '\n'));
  const names = new Set(generated);
  for (const { name, line } of stages) {
    if (names.has(name))
      throw broken(path, line, `Two stages are called ${name}`, `Generated stages are ${generated.join(', ')}: take another name.`);
    names.add(name);
  }
  const upTo = (name: string): number => stages.findIndex((stage) => stage.name === name) + 1;
  const [install, build] = [upTo('before-install'), Math.max(upTo('before-build'), upTo('before-install'))];
  const plain = stages.map(({ line: _, ...stage }) => stage);
  return {
    beforeInstall: plain.slice(0, install),
    beforeBuild: plain.slice(install, build),
    after: plain.slice(build),
    diagnostics: nearMisses(path, stages, generated),
  };
}

const hooks = ['before-install', 'before-build'];

/** A misspelt hook is a stage that nothing uses; a misspelt stage is taken for an image of a registry. */
function nearMisses(path: string, stages: readonly LocatedStage[], generated: readonly string[]): Diagnostic[] {
  const known = [...generated, ...hooks, ...stages.map(({ name }) => name)];
  return stages.flatMap(({ name, from, instructions, line }) => {
    const used = [from, ...[...instructions.join('\n').matchAll(/--from=(\S+)/g)].map(([, stage = '']) => stage)];
    return [
      ...used.flatMap((stage) => nearMiss(stage, known, 'is taken for an image', path, line)),
      ...nearMiss(name, hooks, 'is a stage that nothing starts from', path, line),
    ];
  });
}

function nearMiss(wrong: string, known: readonly string[], means: string, file: string, line: number): Diagnostic[] {
  const [near] = known.includes(wrong) ? [] : closest(wrong, known, 1);
  if (near === undefined) return [];
  return [{ level: 'warning', code: 'stage-misspelt', message: `"${wrong}" ${means}.`, file, line, hint: `Did you mean ${near}?` }];
}

type LocatedStage = Stage & { readonly line: number };

function parseStages(path: string, text: string): LocatedStage[] {
  const lines = text.split('\n');
  const instructions = DockerfileParser.parse(text).getInstructions();
  const [first] = instructions;
  if (first !== undefined && first.getKeyword() !== 'FROM') {
    throw broken(path, first.getRange().start.line + 1, 'A stage must begin with FROM', 'Write FROM <image or stage> AS <name> before it.');
  }
  const starts = instructions.filter((instruction) => instruction.getKeyword() === 'FROM').map((instruction) => instruction.getRange());
  return starts.map((range, index) => {
    const line = range.start.line + 1;
    const [, from, name] = /^FROM\s+(.+?)(?:\s+AS\s+(\S+))?\s*$/i.exec(lines.slice(range.start.line, range.end.line + 1).join(' ')) ?? [];
    const body = lines.slice(range.end.line + 1, starts[index + 1]?.start.line ?? lines.length);
    if (name === undefined && index < starts.length - 1) throw broken(path, line, 'This stage has no name', 'Write FROM <image or stage> AS <name>.');
    const own = body.join('\n').trim();
    return { name: name ?? 'final', from: from ?? '', instructions: own === '' ? [] : [own], line };
  });
}

function broken(file: string, line: number, message: string, hint: string): StowageError {
  return new StowageError(ErrorCode.InvalidConfig, `${message}.`, { where: { file, line }, hint });
}
