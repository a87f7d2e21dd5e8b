import type { Stage } from '../model.ts';

/** The stages that a stage is made from, directly or not, with itself: those named by FROM, `COPY --from` and mounts. */
export function stageInputs(stages: readonly Stage[], name: string): ReadonlySet<string> {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const reached = new Set(byName.has(name) ? [name] : []);
  for (const each of reached) for (const input of namedBy(byName.get(each) as Stage)) if (byName.has(input)) reached.add(input);
  return reached;
}

function namedBy({ from, instructions }: Stage): string[] {
  const heads = instructions.map((instruction) => instruction.split('<<')[0] ?? ''); // a text that is written out names none
  return [from, ...heads.flatMap((head) => [...head.matchAll(/\bfrom=([\w.-]+)/g)].map(([, stage]) => stage as string))];
}
