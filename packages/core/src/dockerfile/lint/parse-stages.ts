import { type Copy, DockerfileParser, type Instruction, type PropertyInstruction } from 'dockerfile-ast';

/** One instruction as a rule looks at it. */
export interface Written {
  readonly keyword: string;
  /** 1-based. */
  readonly line: number;
  /** What follows the keyword, its lines joined; of a `RUN` in exec form its words. */
  readonly text: string;
  /** Sources of `COPY` and `ADD`, without those that are written out. */
  readonly sources: readonly string[];
  /** The stage that `COPY --from` names. */
  readonly from: string | undefined;
  /** What `ARG` and `ENV` set. */
  readonly variables: readonly { readonly name: string; readonly value: string | null }[];
}

export interface WrittenStage {
  readonly name: string | undefined;
  readonly image: string;
  readonly line: number;
  /** The stage that it starts from, where it starts from one. */
  readonly base: WrittenStage | undefined;
  readonly instructions: readonly Written[];
}

/** The stages of a Dockerfile written by hand, in order. */
export function parseStages(text: string): WrittenStage[] {
  const stages: { name: string | undefined; image: string; line: number; base: WrittenStage | undefined; instructions: Written[] }[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() !== 'FROM') {
      stages.at(-1)?.instructions.push(written(instruction));
      continue;
    }
    const words = instruction
      .getArguments()
      .map((argument) => argument.getValue())
      .filter((word) => !word.startsWith('--'));
    const as = words.findIndex((word) => word.toUpperCase() === 'AS');
    const [image = ''] = words;
    const line = instruction.getRange().start.line + 1;
    stages.push({ name: as === -1 ? undefined : words[as + 1], image, line, base: stages.find(({ name }) => name === image), instructions: [] });
  }
  return stages;
}

function written(instruction: Instruction): Written {
  const keyword = instruction.getKeyword();
  const text = (instruction.getArgumentsContent() ?? '').replace(/\\\r?\n/g, ' ');
  return {
    keyword,
    line: instruction.getRange().start.line + 1,
    text: keyword === 'RUN' ? (execForm(text)?.join(' ') ?? text) : text,
    sources: ['COPY', 'ADD'].includes(keyword) ? sourcesOf(text) : [],
    from: keyword === 'COPY' ? ((instruction as Copy).getFromFlag()?.getValue() ?? undefined) : undefined,
    variables: ['ARG', 'ENV'].includes(keyword)
      ? (instruction as PropertyInstruction).getProperties().map((property) => ({ name: property.getName(), value: property.getValue() }))
      : [],
  };
}

/** The words of the line itself: what is written out below it, marked by `<<`, is a file of no context. */
function sourcesOf(text: string): string[] {
  const [line = ''] = text.split('\n');
  const words = execForm(text) ?? line.split(/\s+/).map((word) => word.replace(/^["']|["']$/g, ''));
  return words
    .filter((word) => word !== '' && !word.startsWith('--'))
    .slice(0, -1)
    .filter((word) => !word.startsWith('<<'));
}

/** `["npm", "ci"]`, options of the instruction before it left out. */
function execForm(text: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(text.replace(/^(?:--\S+\s+)*/, ''));
    return Array.isArray(words) ? words.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** A stage with those that it starts from, the first one first. */
export function chainOf(stage: WrittenStage): WrittenStage[] {
  return [...(stage.base === undefined ? [] : chainOf(stage.base)), stage];
}

/** All that a stage holds once it is built, in order: the instructions of those that it starts from, then its own. */
export function historyOf(stage: WrittenStage): Written[] {
  return chainOf(stage).flatMap(({ instructions }) => instructions);
}
