/** A flowchart of ways that may share their beginnings; a node is known by its text. */
export function flowchart(ways: readonly (readonly string[])[], classes: ReadonlyMap<string, string> = new Map()): string {
  const ids = new Map<string, string>();
  const lines: string[] = [];
  const idOf = (text: string): string => {
    const known = ids.get(text);
    if (known !== undefined) return known;
    const id = `n${ids.size + 1}`;
    ids.set(text, id);
    const style = classes.get(text);
    lines.push(`  ${id}["${escaped(text)}"]${style === undefined ? '' : `:::${style}`}`);
    return id;
  };
  const edges = new Set<string>();
  for (const way of ways) {
    const nodes = way.map(idOf);
    for (const [at, node] of nodes.entries()) if (at > 0) edges.add(`  ${nodes[at - 1]} --> ${node}`);
  }
  const styles = classes.size === 0 ? [] : ['  classDef runs fill:#fde2e1,stroke:#c0392b', '  classDef cached fill:#e3f4e3,stroke:#2e7d32'];
  return `${['flowchart LR', ...lines, ...edges, ...styles].join('\n')}\n`;
}

/** Mermaid reads entities, and ends a label at a quote. */
function escaped(text: string): string {
  return text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
}
