import {
  type Change,
  describeChange,
  ErrorCode,
  findApp,
  type PackageWays,
  packageWays,
  type Step,
  StowageError,
  stepsOf,
  type Workspace,
} from '@stowage/core';
import { type BaseOptions, compareWithBase, findAffected, shown } from '../affected.ts';
import { type Context, type Outcome, open, packAll, table } from '../command.ts';
import { flowchart } from '../formats/mermaid.ts';

export interface WhyOptions extends BaseOptions {
  readonly format?: 'text' | 'json' | 'mermaid';
}

/** Why an app's installs and build would run again; with a package, why that is in the closure. */
export async function why(context: Context, app: string, wanted: string | undefined, options: WhyOptions): Promise<Outcome> {
  if (wanted !== undefined && options.base !== undefined) {
    throw new StowageError(ErrorCode.Usage, 'A package is explained as it is now: --base does not go with it.', {
      hint: `\`stowage why ${app} --base ${options.base}\` compares, \`stowage why ${app} ${wanted}\` explains.`,
    });
  }
  const workspace = await open(context);
  return wanted === undefined ? whyAgain(context, workspace, app, options) : whyPackage(workspace, app, wanted, options);
}

interface StepAnswer {
  readonly step: Step;
  readonly runs: boolean;
  /** The shortest, in a line. */
  readonly reason?: string;
  readonly changes: readonly Change[];
}

async function whyAgain(context: Context, workspace: Workspace, wanted: string, options: WhyOptions): Promise<Outcome> {
  const app = findApp(workspace, wanted);
  const comparison = await compareWithBase(context, workspace, options);
  const plan = await comparison.head.pack(app);
  const { apps } = await findAffected(comparison, context, [app.id]);
  const found = apps[0];
  const whole =
    found === undefined || found.reason === 'changed' ? undefined : found.reason === 'new' ? 'the app is new since the base' : found.problem;
  const answers = stepsOf(plan).map((step): StepAnswer => {
    const changes = (found?.changes ?? []).filter((change) => change.steps.includes(step));
    const [first] = changes;
    const reason = whole ?? (first === undefined ? undefined : describeChange(first));
    return { step, runs: reason !== undefined, ...(reason === undefined ? {} : { reason }), changes };
  });
  const base = 'unknown' in comparison.base ? undefined : comparison.base.found;
  const json = { app: { id: app.id, name: app.name }, base: base === undefined ? null : { commit: base.commit, from: base.from }, steps: answers };
  return outcome(json, options, {
    text: () => `${app.name}${base === undefined ? '' : `, compared with ${shown(base)}`}\n${table(answers.map(rowOf))}`,
    mermaid: () => flowchart(answers.flatMap(wayOf), new Map(answers.map(({ step, runs }) => [step, runs ? 'runs' : 'cached']))),
  });
}

function rowOf({ step, runs, reason, changes }: StepAnswer): string[] {
  const more = changes.length > 1 ? ` (and ${changes.length - 1} more)` : '';
  return [`  ${step}`, runs ? 'runs again' : 'cached', runs ? `${reason}${more}` : ''];
}

function wayOf({ step, reason, changes }: StepAnswer): string[][] {
  const [first] = changes;
  if (first === undefined) return [reason === undefined ? [step] : [reason, step]];
  return [[...first.path, describeChange({ ...first, path: [] }), step]];
}

/** More ways than this explain nothing. */
const mostWays = 10;

async function whyPackage(workspace: Workspace, app: string, wanted: string, options: WhyOptions): Promise<Outcome> {
  const [plan] = await packAll(workspace, [app]);
  if (plan === undefined) throw new Error('one app was asked for');
  const found = packageWays({ plan, importers: workspace.importers }, wanted, mostWays);
  return outcome({ app: { id: plan.app.id, name: plan.app.name }, packages: found }, options, {
    text: () => found.map(textOf).join('\n'),
    mermaid: () => flowchart(found.flatMap(({ ways }) => ways)),
  });
}

function textOf({ name, version, runtime, ways, more, edges }: PackageWays): string {
  const where = runtime ? 'in the build and in production' : 'in the build alone';
  return [
    `${version === undefined ? name : `${name} ${version}`}, ${where}`,
    ...ways.map((way) => `  ${way.join(' > ')}`),
    ...(more ? ['  and more ways'] : []),
    ...edges.map((edge) => `  ${edge.from}: ${reasonOf(edge)}`),
    '',
  ].join('\n');
}

function reasonOf({ kind, by, line }: PackageWays['edges'][number]): string {
  if (kind === 'script') return `${by} names it`;
  if (kind === 'program') return `${by} calls a program of it`;
  return kind === 'import' || kind === 'config' ? `${by}${line === undefined ? '' : `:${line}`} imports it` : `${kind} ${by}`;
}

function outcome(json: Readonly<Record<string, unknown>>, { format = 'text' }: WhyOptions, render: { text(): string; mermaid(): string }): Outcome {
  const text = format === 'json' ? `${JSON.stringify({ schemaVersion: 1, ...json }, null, 2)}\n` : render[format]();
  return { json, text, summary: false };
}
