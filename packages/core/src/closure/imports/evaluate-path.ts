import { posix } from 'node:path';
import { Node, SyntaxKind } from 'ts-morph';

/** Where a configuration file stands; both paths are `rooted`. */
export interface PathScope {
  readonly file: string;
  /** Where its tool runs. */
  readonly folder: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Helpers entered so far; one that calls itself is given up. */
  readonly calls: number;
}

const MOST_CALLS = 20;

/** Stands for the workspace root, so that a path that leaves it can be told. */
const ROOT = '/workspace';

export function rooted(path: string): string {
  return path === '.' ? ROOT : `${ROOT}/${path}`;
}

/** The value behind parentheses, casts, and names of constants and functions of the same file. */
export function initializerOf(node: Node, seen: ReadonlySet<Node> = new Set()): Node {
  if (Node.isAsExpression(node) || Node.isSatisfiesExpression(node) || Node.isParenthesizedExpression(node) || Node.isNonNullExpression(node)) {
    return initializerOf(node.getExpression(), seen);
  }
  if (!Node.isIdentifier(node)) return node;
  const name = node.getText();
  const file = node.getSourceFile();
  const value = file
    .getDescendantsOfKind(SyntaxKind.VariableDeclaration)
    .find((declaration) => declaration.getName() === name)
    ?.getInitializer();
  if (value === undefined) return file.getFunction(name) ?? node;
  return seen.has(value) ? node : initializerOf(value, new Set([...seen, value]));
}

/**
 * The string that an expression of a configuration file makes, as far as it is built from literals, this file's place and Node's
 * path functions; undefined for anything else.
 */
export function evaluatePath(expression: Node, scope: PathScope): string | undefined {
  if (Node.isIdentifier(expression)) {
    const bound = scope.parameters.get(expression.getText());
    if (bound !== undefined) return bound;
  }
  const node = initializerOf(expression);
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) return node.getLiteralText();
  if (Node.isTemplateExpression(node)) {
    const parts = node.getTemplateSpans().map((span) => concat(evaluatePath(span.getExpression(), scope), span.getLiteral().getLiteralText()));
    return parts.reduce(concat, node.getHead().getLiteralText());
  }
  if (Node.isBinaryExpression(node)) {
    return node.getOperatorToken().getText() === '+' ? concat(evaluatePath(node.getLeft(), scope), evaluatePath(node.getRight(), scope)) : undefined;
  }
  if (Node.isNewExpression(node) && node.getExpression().getText() === 'URL') return evaluateUrl(node.getArguments(), scope);
  if (Node.isCallExpression(node)) return evaluateCall(node.getExpression(), node.getArguments(), scope);
  switch (node.getText()) {
    case '__dirname':
    case 'import.meta.dirname':
      return posix.dirname(scope.file);
    case '__filename':
    case 'import.meta.url':
    case 'import.meta.filename':
      return scope.file;
  }
  return Node.isPropertyAccessExpression(node) && ['pathname', 'href'].includes(node.getName())
    ? evaluatePath(node.getExpression(), scope)
    : undefined;
}

function concat(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function evaluateUrl(args: readonly Node[], scope: PathScope): string | undefined {
  const [path, base] = args.map((argument) => evaluatePath(argument, scope));
  return path === undefined || base === undefined ? undefined : posix.resolve(posix.dirname(base), path);
}

const PATH_FUNCTION = /^(?!require\.|import\.)(?:\w+\.)*(resolve|join|normalize|dirname|fileURLToPath|searchForWorkspaceRoot)$/;

function evaluateCall(callee: Node, args: readonly Node[], scope: PathScope): string | undefined {
  const name = callee.getText();
  if (name === 'process.cwd') return scope.folder;
  const values = args.map((argument) => evaluatePath(argument, scope));
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) return undefined;
  const [first] = known;
  if (Node.isArrowFunction(initializerOf(callee))) return applyHelper(callee, known, scope);
  const method = PATH_FUNCTION.exec(name)?.[1];
  switch (method) {
    case 'resolve':
      return posix.resolve(scope.folder, ...known);
    case 'join':
    case 'normalize':
      return posix.join(...known);
    case 'dirname':
      return first === undefined ? undefined : posix.dirname(first);
    case 'fileURLToPath':
      return first;
    case 'searchForWorkspaceRoot':
      return ROOT;
    default:
      return applyHelper(callee, known, scope);
  }
}

/** `const here = (p) => path.resolve(__dirname, p)` */
function applyHelper(callee: Node, values: readonly string[], scope: PathScope): string | undefined {
  const helper = initializerOf(callee);
  if (!Node.isArrowFunction(helper) && !Node.isFunctionDeclaration(helper) && !Node.isFunctionExpression(helper)) return undefined;
  const body = helper.getBody();
  const result = Node.isBlock(body) ? body.getStatements().find(Node.isReturnStatement)?.getExpression() : body;
  const names = helper.getParameters().map((parameter) => parameter.getName());
  const parameters = new Map(names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]] as const])));
  return result === undefined || scope.calls > MOST_CALLS ? undefined : evaluatePath(result, { ...scope, parameters, calls: scope.calls + 1 });
}
