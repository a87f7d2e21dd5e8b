import { posix } from 'node:path';

/** What a parser gets to see of a file: a script with the same line numbers. */
export interface Script {
  readonly text: string;
  readonly language: 'ts' | 'tsx' | 'js';
  /** Whether a compiler drops imports whose names the script uses as types alone; a component's template may use them. */
  readonly elides: boolean;
}

/** The script of a file of any kind that can import: all of it, or the script blocks of a component, with all else blanked. */
export function scriptOf(path: string, text: string): Script {
  switch (posix.extname(path)) {
    case '.vue':
    case '.svelte':
      return { text: keep(text, tagBlocks(text)), language: /<script[^>]*\blang=["']?[jt]sx/.test(text) ? 'tsx' : 'ts', elides: false };
    case '.astro':
      return { text: keep(text, [...frontmatter(text), ...tagBlocks(text)]), language: 'ts', elides: false };
    case '.mdx':
      return { text: keep(text, importParagraphs(text)), language: 'tsx', elides: false };
    case '.ts':
    case '.mts':
    case '.cts':
      return { text, language: 'ts', elides: true };
    case '.tsx':
      return { text, language: 'tsx', elides: true };
    default:
      return { text, language: 'js', elides: false };
  }
}

type Span = readonly [start: number, end: number];

function tagBlocks(text: string): Span[] {
  return spans(text, /<script\b[^>]*>([\s\S]*?)<\/script>/g);
}

function frontmatter(text: string): Span[] {
  return spans(text, /^\s*---\r?\n([\s\S]*?)\r?\n---/g);
}

/** MDX has imports in paragraphs of their own that begin with the keyword, outside fenced code. */
function importParagraphs(text: string): Span[] {
  const fenced = /^(```+|~~~+)[\s\S]*?^\1/gm;
  const prose = text.replace(fenced, (block) => block.replace(/[^\n]/g, ' '));
  return spans(prose, /(?<!\S[^\S\n]*\n)^((?:import|export)\b(?:.+\n?)+)/gm);
}

function spans(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => {
    const content = match[1] ?? '';
    const start = match.index + match[0].indexOf(content);
    return [start, start + content.length];
  });
}

function keep(text: string, blocks: readonly Span[]): string {
  const blank = (part: string) => part.replace(/[^\r\n]/g, ' ');
  let result = '';
  let at = 0;
  for (const [start, end] of blocks.toSorted((a, b) => a[0] - b[0])) {
    if (start < at) continue;
    result += blank(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return result + blank(text.slice(at));
}
