import { ts } from 'ts-morph';
import { meansPackages } from './scan-imports.ts';
import type { Script } from './script-blocks.ts';
import { isBuiltin } from './specifier.ts';

/**
 * How an import is used: `value` loads the module, `type` is gone once TypeScript has compiled the file,
 * `tried` may fail (a `require` or `import()` inside a `try`).
 */
export type ImportUse = 'value' | 'type' | 'tried';

export interface ParsedImport {
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
  readonly use: ImportUse;
}

/**
 * The imports of a script by its syntax tree, in order: import and export declarations, `import x = require()`, `import()`, `require()`
 * with `.resolve` and `.context`, `import.meta.resolve` and `.glob`, `new URL(…, import.meta.url)`, import types, triple-slash references.
 * As TypeScript does, a declaration whose names are used as types alone counts as `type`. Where a program hands its bundler code as a text, in which
 * `buffer` means the package, that stands here as `buffer/`. A file that does not parse gives what it can.
 */
export function parseImports(script: Script): readonly ParsedImport[] {
  const tree = parse(script);
  const found: ParsedImport[] = [];
  const add = (literal: ts.Node | undefined, use: ImportUse) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    found.push({ specifier: literal.text, line: tree.getLineAndCharacterOfPosition(literal.getStart(tree)).line + 1, use });
  };
  for (const { fileName, pos } of [...tree.typeReferenceDirectives, ...tree.referencedFiles]) {
    found.push({ specifier: fileName, line: tree.getLineAndCharacterOfPosition(pos).line + 1, use: 'type' });
  }
  const valueNames = script.elides ? namesUsedAsValues(tree) : undefined;
  const texts: ts.NoSubstitutionTemplateLiteral[] = [];
  const visit = (node: ts.Node, tried: boolean): void => {
    if (ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node);
    else if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isErased(node.importClause, valueNames) ? 'type' : 'value');
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'value');
    else if (ts.isExternalModuleReference(node)) add(node.expression, 'value');
    else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'type');
    else if (ts.isNewExpression(node) && isUrlOfModule(node, tree)) add(node.arguments?.[0], tried ? 'tried' : 'value');
    else if (ts.isCallExpression(node) && loadsModule(node.expression, tree)) {
      for (const argument of strings(node.arguments[0])) add(argument, tried ? 'tried' : 'value');
    }
    ts.forEachChild(node, (child) => visit(child, tried || (ts.isTryStatement(node) && child === node.tryBlock)));
  };
  visit(tree, false);
  return meansPackages(script.text) ? [...found, ...texts.flatMap((text) => builtinsIn(text, tree))] : found;
}

/** A tree without what is not asked for: comments of JSDoc, and the way up. */
function parse({ language, text }: Script): ts.SourceFile {
  return ts.createSourceFile(`script.${language}`, text, {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });
}

/** Packages with names of Node's own modules that the code in a text imports. */
function builtinsIn(literal: ts.NoSubstitutionTemplateLiteral, tree: ts.SourceFile): ParsedImport[] {
  const before = tree.getLineAndCharacterOfPosition(literal.getStart(tree)).line;
  return parseImports({ language: 'js', text: literal.text, elides: false })
    .filter(({ specifier }) => isBuiltin(specifier))
    .map(({ specifier, line, use }) => ({ specifier: `${specifier}/`, line: before + line, use }));
}

const LOADERS: ReadonlySet<string> = new Set([
  'require',
  'require.resolve',
  'require.context',
  'import.meta.resolve',
  'import.meta.glob',
  'import.meta.globEager',
]);

function loadsModule(callee: ts.Expression, tree: ts.SourceFile): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  return (ts.isIdentifier(callee) || ts.isPropertyAccessExpression(callee)) && LOADERS.has(callee.getText(tree));
}

function strings(argument: ts.Expression | undefined): readonly ts.Node[] {
  if (argument === undefined) return [];
  return ts.isArrayLiteralExpression(argument) ? argument.elements : [argument];
}

function isUrlOfModule(node: ts.NewExpression, tree: ts.SourceFile): boolean {
  return ts.isIdentifier(node.expression) && node.expression.text === 'URL' && node.arguments?.[1]?.getText(tree) === 'import.meta.url';
}

function isErased(clause: ts.ImportClause | undefined, valueNames: ReadonlySet<string> | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  if (valueNames === undefined) return false;
  const names: string[] = [];
  if (clause.name !== undefined) names.push(clause.name.text);
  if (clause.namedBindings !== undefined && ts.isNamespaceImport(clause.namedBindings)) names.push(clause.namedBindings.name.text);
  if (clause.namedBindings !== undefined && ts.isNamedImports(clause.namedBindings)) {
    names.push(...clause.namedBindings.elements.filter((element) => !element.isTypeOnly).map((element) => element.name.text));
  }
  return !names.some((name) => valueNames.has(name));
}

/** Every identifier outside imports, types and property names; a shadowed name counts, which errs towards `value`. */
function namesUsedAsValues(tree: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    else if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else if (ts.isExpressionWithTypeArguments(node)) visit(node.expression);
    else if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return;
    else if (!ts.isImportDeclaration(node) && !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node) && !ts.isTypeNode(node)) {
      ts.forEachChild(node, visit);
    }
  };
  visit(tree);
  return names;
}
