import { chainOf, parseStages, type Written, type WrittenStage } from '../../packages/core/src/dockerfile/lint/parse-stages.ts';

/** Whether a stage breaks a rule. */
type Rule = (stage: WrittenStage, stages: readonly WrittenStage[], mounts: (run: Written) => string) => boolean;

/** Commands of a RUN, one list of words each: without mounts, without what is written to a standard input, and without what quotes hold. */
function commandsOf({ text }: Written): string[][] {
  const shell = text
    .split('\n')[0]
    ?.replace(/^(?:--\w+=\S+\s+)*/, '')
    .replace(/'[^']*'|"[^"]*"/g, 'quoted');
  return (shell ?? '').split(/&&|\|\||[;|]/).map((command) =>
    command
      .trim()
      .split(/\s+/)
      .filter((word) => !/^\w+=/.test(word)),
  );
}
const targetOf = ({ text }: Written): string => text.split('\n')[0]?.split(/\s+/).at(-1) ?? '';
const runs = ({ instructions }: WrittenStage): Written[] => instructions.filter(({ keyword }) => keyword === 'RUN');
const commands = (stage: WrittenStage): string[][] => runs(stage).flatMap(commandsOf);
const calls = (stage: WrittenStage, ...programs: string[]): boolean => commands(stage).some(([program = '']) => programs.includes(program));
const count = ({ instructions }: WrittenStage, wanted: string): number => instructions.filter(({ keyword }) => keyword === wanted).length;
const aptInstalls = (stage: WrittenStage): string[][] => commands(stage).filter(([program, verb]) => program === 'apt-get' && verb === 'install');
const texts = ({ instructions }: WrittenStage, wanted: string): string[] =>
  instructions.flatMap(({ keyword, text }) => (keyword === wanted ? [text] : []));
const isStage = (image: string, stages: readonly WrittenStage[]): boolean => image === 'scratch' || stages.some(({ name }) => name === image);

/**
 * hadolint's rules of Dockerfiles by their numbers, each true where it finds something. Left out are those
 * - that want versions: DL3008, DL3013, DL3018, DL3028, DL3033, DL3037, DL3041, DL3062;
 * - of other systems and languages, whose programs DL0000 below sees that nobody calls: DL3030, DL3032, DL3034 to DL3036, DL3038, DL3040, DL3042;
 * - that only a setting turns on: DL3026 (registries), DL3049 to DL3056 and DL3058 (a schema of labels), DL3057 (a healthcheck for each image);
 * - DL1001 and DL3029, which are about the file's own line for hadolint and about `--platform`: that line says so.
 */
export const rules: Readonly<Record<string, Rule>> = {
  DL0000: (stage) => calls(stage, 'yum', 'dnf', 'zypper', 'pip', 'pip3', 'gem', 'go'),
  DL3000: (stage) => texts(stage, 'WORKDIR').some((path) => !/^["']?[/$]/.test(path)),
  DL3001: (stage) => calls(stage, 'ssh', 'vim', 'shutdown', 'service', 'ps', 'free', 'top', 'kill', 'mount', 'ifconfig'),
  DL3002: (stage) => /^(root|0)(:|$)/.test(texts(stage, 'USER').at(-1) ?? ''),
  DL3003: (stage) => calls(stage, 'cd'),
  DL3004: (stage) => calls(stage, 'sudo'),
  DL3006: ({ image }, stages) => !isStage(image, stages) && !/[:@$]/.test(image),
  DL3007: ({ image }) => /:latest$/.test(image),
  DL3009: (stage) => runs(stage).some(({ text }) => /apt-get .*install/.test(text) && !text.includes('rm -rf /var/lib/apt/lists/*')),
  DL3010: ({ instructions }) =>
    instructions.some(({ keyword, sources }) => keyword === 'COPY' && sources.some((path) => /\.(tar|tgz|tar\.\w+)$/.test(path))),
  DL3011: (stage) => texts(stage, 'EXPOSE').some((ports) => ports.split(/\s+/).some((port) => Number.parseInt(port, 10) > 65_535)),
  DL3012: (stage) => count(stage, 'HEALTHCHECK') > 1,
  DL3014: (stage) => aptInstalls(stage).some((words) => !words.some((word) => /^(-\w*y\w*|--yes|--assume-yes|-qq)$/.test(word))),
  DL3015: (stage) => aptInstalls(stage).some((words) => !words.includes('--no-install-recommends')),
  DL3016: (stage) =>
    commands(stage).some(([program, verb, ...words]) => program === 'npm' && verb === 'install' && words.some((word) => !/^-|.@/.test(word))),
  DL3019: (stage) => commands(stage).some((words) => words[0] === 'apk' && words.includes('add') && !words.includes('--no-cache')),
  DL3020: (stage) => count(stage, 'ADD') > 0,
  DL3021: ({ instructions }) => instructions.some((each) => each.keyword === 'COPY' && each.sources.length > 1 && !targetOf(each).endsWith('/')),
  DL3022: ({ instructions, line }, stages) =>
    instructions.some(({ from }) => from !== undefined && !stages.some((other) => other.name === from && other.line < line)),
  DL3023: ({ name, instructions }) => instructions.some(({ from }) => from !== undefined && from === name),
  DL3024: ({ name, line }, stages) => stages.some((other) => other.name === name && other.line < line),
  DL3025: (stage) => [...texts(stage, 'CMD'), ...texts(stage, 'ENTRYPOINT')].some((text) => !text.startsWith('[')),
  DL3027: (stage) => calls(stage, 'apt'),
  DL3043: (stage) => texts(stage, 'ONBUILD').some((text) => /^(ONBUILD|FROM|MAINTAINER)\b/i.test(text)),
  DL3044: (stage) =>
    texts(stage, 'ENV').some((text) =>
      [...text.matchAll(/(\w+)=/g)].some(([, name]) => new RegExp(`\\$\\{?${name}\\b`).test(text) && !setBefore(stage, name ?? '', text)),
    ),
  DL3045: (stage) =>
    !chainOf(stage).some((each) => count(each, 'WORKDIR') > 0) &&
    stage.instructions.some((each) => each.keyword === 'COPY' && !/^[/$]/.test(targetOf(each))),
  DL3046: (stage) => commands(stage).some((words) => words[0] === 'useradd' && !words.includes('-l')),
  DL3047: (stage) =>
    commands(stage).some((words) => words[0] === 'wget' && !words.some((word) => /^(--progress|-q|-nv|--no-verbose|--quiet)/.test(word))),
  DL3048: (stage) =>
    texts(stage, 'LABEL').some((text) =>
      [...text.matchAll(/(?:^|\s)([^\s="]+)=/g)].some(([, key = '']) => !/^[a-z0-9](?:[a-z0-9]|[.-](?![.-]))*[a-z0-9]$/.test(key)),
    ),
  DL3059: ({ instructions }, _, mounts) =>
    instructions.some((one, index) => {
      const next = instructions[index + 1];
      if (one.keyword !== 'RUN' || next?.keyword !== 'RUN' || mounts(one) !== mounts(next)) return false;
      return commandsOf(one).length <= 2 && commandsOf(next).length <= 2;
    }),
  DL3060: (stage, _, mounts) =>
    runs(stage).some(
      (run) =>
        commandsOf(run).some(([program, verb]) => program === 'yarn' && verb === 'install') &&
        !mounts(run).includes('type=cache') &&
        !run.text.includes('yarn cache clean'),
    ),
  DL3063: ({ name = '' }) => ['scratch', 'context'].includes(name),
  DL4000: (stage) => count(stage, 'MAINTAINER') > 0,
  DL4001: (stage, stages) => stages.some((each) => calls(each, 'wget')) && calls(stage, 'curl'),
  DL4003: (stage) => count(stage, 'CMD') > 1,
  DL4004: (stage) => count(stage, 'ENTRYPOINT') > 1,
  DL4005: (stage) => commands(stage).some((words) => words[0] === 'ln' && words.at(-1) === '/bin/sh'),
  DL4006: (stage) =>
    runs(stage).some(
      ({ text }) =>
        /[^|]\|[^|]/.test((text.split('\n')[0] ?? '').replace(/'[^']*'|"[^"]*"/g, '')) &&
        !texts(stage, 'SHELL').some((shell) => shell.includes('pipefail')),
    ),
};

/** `DL3003 in build`, for each rule and stage where it finds something; DL3061 where the file begins with another instruction. */
export function hadolint(dockerfile: string): string[] {
  const stages = parseStages(dockerfile);
  const lines = dockerfile.split('\n');
  const mounts = ({ line }: Written): string => {
    const end = lines.findIndex((text, index) => index >= line - 1 && !text.endsWith('\\'));
    return (
      lines
        .slice(line - 1, end + 1)
        .join(' ')
        .match(/--mount=\S+/g) ?? []
    ).join(' ');
  };
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return [
    ...(/^(FROM|ARG)\b/.test(first) ? [] : ['DL3061']),
    ...Object.entries(rules).flatMap(([code, rule]) => stages.filter((stage) => rule(stage, stages, mounts)).map(({ name }) => `${code} in ${name}`)),
  ];
}

/** Whether an earlier instruction gave a variable its value, which then is what `$name` means. */
function setBefore({ instructions }: WrittenStage, name: string, env: string): boolean {
  const at = instructions.findIndex(({ text }) => text === env);
  return instructions.slice(0, at).some(({ keyword, text }) => ['ARG', 'ENV'].includes(keyword) && new RegExp(`\\b${name}\\b`).test(text));
}
