export type OutputMode = 'standalone' | 'export' | 'server';

/**
 * What `output` of a next.config is, or can be made by the environment that it looks at: `env` is what has to be set for it.
 * Known are a literal, and the usual switches before one: `process.env.X ? 'standalone' : undefined`, `process.env.X === 'y' && { output: ... }`,
 * `output: process.env.X`. A condition that holds where nothing is set (`!process.env.X`, the other branch) needs nothing.
 */
export function outputMode(code = ''): { readonly mode: OutputMode; readonly env: Readonly<Record<string, string>> } {
  for (const mode of ['standalone', 'export'] as const) {
    const literal = new RegExp(`['"\`]${mode}['"\`]`, 'g');
    for (const { index } of code.matchAll(literal)) {
      const condition = conditionBefore(code.slice(0, index));
      if (condition === '') return { mode, env: {} };
      if (condition !== undefined && mode === 'standalone') return { mode, env: switches(condition) };
    }
  }
  const named = /\boutput\s*:\s*(?:process\.)?env\.(\w+)\s*(?:[,;}\n]|as\b|$)/.exec(code)?.[1];
  return named === undefined ? { mode: 'server', env: {} } : { mode: 'standalone', env: { [named]: 'standalone' } };
}

/** The text between `output` and a value, or with `cond && { output: value }` what is before; undefined where the value is another key's. */
function conditionBefore(text: string): string | undefined {
  const setting = /(?:^|[\s{,(])(?:\w+\.)?output\s*[:=]\s*([^,;{}]*)$/.exec(text);
  if (setting === null) return undefined;
  const direct = setting[1]?.trim() ?? '';
  if (direct !== '') return direct;
  const around = /(?:\.\.\.\(?|if\s*\()([^,;{}]*)(?:\?|&&|\))\s*\(?\{\s*$/.exec(text.slice(0, setting.index + 1));
  return around === null ? '' : `${around[1]?.trim()} ?`;
}

/** The variables that make a condition true, where one must be set. */
function switches(condition: string): Record<string, string> {
  const otherBranch = /\?[^:]*:\s*$/.test(condition);
  const tests = condition.matchAll(/(!\s*)?(?:process\.)?\benv(?:\.(\w+)|\[['"](\w+)['"]\])\s*(?:([!=]==?)\s*['"]([^'"]*)['"])?/g);
  const wanted = [...tests].flatMap(([, not, dotted, quoted, operator, value]) => {
    const negative = (not !== undefined || operator?.startsWith('!') === true) !== otherBranch;
    const name = dotted ?? quoted ?? '';
    return negative || name === 'NODE_ENV' ? [] : [[name, value ?? 'true'] as const];
  });
  return Object.fromEntries(wanted);
}
