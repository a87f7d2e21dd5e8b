import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';
import { joinPath } from '../../paths.ts';
import { escapeRegExp, escapeReplacement, type ParsedAlias } from './aliases.ts';
import { evaluatePath, initializerOf, type PathScope, rooted } from './evaluate-path.ts';

const project = new Project({
  useInMemoryFileSystem: true,
  skipAddingFilesFromTsConfig: true,
  skipFileDependencyResolution: true,
  skipLoadingLibFiles: true,
  compilerOptions: { allowJs: true },
});

/**
 * The aliases that a bundler's configuration file states: every `alias` of an object, in Vite's object and list form, webpack's (`name$`)
 * and Babel's (`^regexp`), and assignments to `resolve.alias`. Paths may be built by `path.resolve` and `join`, `__dirname`,
 * `fileURLToPath(new URL(…, import.meta.url))`, constants and helpers of the file; an alias built otherwise is left out.
 * @param folder the importer's, where a relative path starts
 */
export function parseAliases(path: string, text: string, folder: string): readonly ParsedAlias[] {
  const source = project.createSourceFile(`config.${/\.[cm]?ts$/.test(path) ? 'ts' : 'js'}`, text, { overwrite: true });
  const scope: PathScope = { file: rooted(path), folder: rooted(folder), parameters: new Map(), calls: 0 };
  return entriesOf(source).flatMap(([find, replacement]) => {
    const to = targetOf(replacement, scope);
    const rule = typeof find === 'string' ? ruleOfKey(find) : ruleOfNode(find, scope);
    return to === undefined || rule === undefined ? [] : [{ ...rule, to: rule.rewrite(to) }].map(({ source, flags, to }) => ({ source, flags, to }));
  });
}

type Entry = readonly [find: string | Node, replacement: Node];

function entriesOf(source: SourceFile): Entry[] {
  const entries: Entry[] = [];
  source.forEachDescendant((node) => {
    if (Node.isPropertyAssignment(node) && node.getName() === 'alias') entries.push(...entriesOfTable(node.getInitializer()));
    else if (Node.isShorthandPropertyAssignment(node) && node.getName() === 'alias') entries.push(...entriesOfTable(node.getNameNode()));
    else if (Node.isBinaryExpression(node) && node.getOperatorToken().getKind() === SyntaxKind.EqualsToken) {
      entries.push(...entriesOfAssignment(node.getLeft(), node.getRight()));
    }
  });
  return entries;
}

function entriesOfAssignment(left: Node, right: Node): Entry[] {
  const isAlias = (node: Node) => Node.isPropertyAccessExpression(node) && node.getName() === 'alias';
  if (isAlias(left)) return entriesOfTable(right);
  if (Node.isPropertyAccessExpression(left) && isAlias(left.getExpression())) return [[left.getName(), right]];
  const key = Node.isElementAccessExpression(left) && isAlias(left.getExpression()) ? left.getArgumentExpression() : undefined;
  return Node.isStringLiteral(key) ? [[key.getLiteralText(), right]] : [];
}

function entriesOfTable(node: Node | undefined): Entry[] {
  const table = node === undefined ? undefined : initializerOf(node);
  if (Node.isObjectLiteralExpression(table)) {
    return table.getProperties().flatMap((property): Entry[] => {
      if (Node.isSpreadAssignment(property)) return entriesOfTable(property.getExpression());
      if (!Node.isPropertyAssignment(property)) return [];
      const value = property.getInitializer();
      return value === undefined ? [] : [[keyOf(property.getNameNode()), value]];
    });
  }
  if (!Node.isArrayLiteralExpression(table)) return [];
  return table.getElements().flatMap((element): Entry[] => {
    if (Node.isSpreadElement(element)) return entriesOfTable(element.getExpression());
    const item = initializerOf(element);
    if (!Node.isObjectLiteralExpression(item)) return [];
    const [find, replacement] = ['find', 'replacement']
      .map((name) => item.getProperty(name))
      .map((property) => (Node.isPropertyAssignment(property) ? property.getInitializer() : undefined));
    return find === undefined || replacement === undefined ? [] : [[find, replacement]];
  });
}

function keyOf(name: Node): string {
  return Node.isStringLiteral(name) || Node.isNoSubstitutionTemplateLiteral(name) ? name.getLiteralText() : name.getText();
}

interface Rule {
  readonly source: string;
  readonly flags: string;
  rewrite(to: string): string;
}

function ruleOfKey(key: string): Rule | undefined {
  if (key.startsWith('^')) return ruleOfPattern(key, '');
  return key.endsWith('$') ? { source: `^${escapeRegExp(key.slice(0, -1))}$`, flags: '', rewrite: escapeReplacement } : prefixRule(key);
}

function ruleOfNode(node: Node, scope: PathScope): Rule | undefined {
  const find = initializerOf(node);
  if (Node.isRegularExpressionLiteral(find)) {
    const text = find.getLiteralText();
    const end = text.lastIndexOf('/');
    return ruleOfPattern(text.slice(1, end), text.slice(end + 1));
  }
  if (Node.isNewExpression(find) && find.getExpression().getText() === 'RegExp') {
    const pattern = find.getArguments()[0];
    const text = pattern === undefined ? undefined : evaluatePath(pattern, scope);
    return text === undefined ? undefined : ruleOfPattern(text, '');
  }
  const key = evaluatePath(node, scope);
  return key === undefined ? undefined : prefixRule(key);
}

/** Finds the key itself and what lies below it. */
function prefixRule(key: string): Rule {
  return { source: `^${escapeRegExp(key.replace(/\/$/, ''))}(?=/|$)`, flags: '', rewrite: escapeReplacement };
}

function ruleOfPattern(source: string, flags: string): Rule | undefined {
  try {
    new RegExp(source, flags);
  } catch {
    return undefined;
  }
  return { source, flags: flags.replace(/[gy]/g, ''), rewrite: (to) => to.replace(/\\(\d)/g, '$$$1') };
}

/** A path below the workspace root as `./path`, another specifier as it is. */
function targetOf(node: Node, scope: PathScope): string | undefined {
  const list = initializerOf(node);
  const value = evaluatePath(Node.isArrayLiteralExpression(list) ? (list.getElements()[0] ?? node) : node, scope);
  if (value === undefined) return undefined;
  const root = rooted('.');
  if (value === root || value.startsWith(`${root}/`)) return `.${value.slice(root.length)}`;
  if (!/^[./]/.test(value)) return value;
  // A literal `/src` starts at the importer's folder; a path so computed has left the workspace.
  if (value.startsWith('/') && !Node.isStringLiteral(list)) return undefined;
  const path = joinPath(scope.folder.slice(root.length + 1), value);
  return path === undefined ? undefined : `./${path}`;
}
