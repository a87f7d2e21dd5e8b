import { type Copy, DockerfileParser } from 'dockerfile-ast';

/** One instruction as a rule looks at it. */
export interface Written {
  readonly keyword: string;
  /** 1-based. */
  readonly line: number;
  /** What follows the keyword, its lines joined. */
  readonly text: string;
  /** Words of `COPY` and `ADD`: sources, then the target. */
  readonly paths: readonly string[];
  /** The stage that `COPY --from` names. */
  readonly from: string | undefined;
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
    const keyword = instruction.getKeyword();
    const line = instruction.getRange().start.line + 1;
    const words = instruction.getArguments().map((argument) => argument.getValue());
    if (keyword === 'FROM') {
      const plain = words.filter((word) => !word.startsWith('--'));
      const as = plain.findIndex((word) => word.toUpperCase() === 'AS');
      const image = plain[0] ?? '';
      stages.push({ name: as === -1 ? undefined : plain[as + 1], image, line, base: stages.find(({ name }) => name === image), instructions: [] });
      continue;
    }
    stages.at(-1)?.instructions.push({
      keyword,
      line,
      text: (instruction.getArgumentsContent() ?? '').replace(/\\\r?\n/g, ' '),
      paths: ['COPY', 'ADD'].includes(keyword) ? pathsOf(words.filter((word) => !word.startsWith('--'))) : [],
      from: keyword === 'COPY' ? ((instruction as Copy).getFromFlag()?.getValue() ?? undefined) : undefined,
    });
  }
  return stages;
}

/** A stage with those that it starts from, the first one first. */
export function chainOf(stage: WrittenStage): WrittenStage[] {
  return [...(stage.base === undefined ? [] : chainOf(stage.base)), stage];
}

/** The array form has quotes and brackets around its words. */
function pathsOf(words: readonly string[]): string[] {
  return words.map((word) => word.replace(/^\[?"?|"?[\],]*$/g, '')).filter((word) => word !== '');
}
