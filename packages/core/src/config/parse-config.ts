import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as v from 'valibot';
import { didYouMean, ErrorCode, type Location, StowageError } from '../errors.ts';
import type { TextFile } from '../model.ts';
import { lineOf, withoutByteOrderMark } from '../text.ts';
import { appConfigKeys, describeKey } from './schema.ts';

/**
 * A config file (JSON with comments) by a schema; `key` names the part of the file that holds it.
 * @throws StowageError InvalidConfig with file, line and key, and the nearest known key or value for a misspelt one
 */
export function parseConfig<Schema extends v.GenericSchema>(schema: Schema, file: TextFile, key?: string): v.InferOutput<Schema> {
  const value = readValue(file, key);
  const result = v.safeParse(schema, value);
  const list = result.success ? listForObject(value, result.output) : listAbove(result.issues[0]);
  if (list !== undefined) {
    const place = placeIn(file, [...(key === undefined ? [] : [key]), ...list.path]);
    const message = `"${list.path.join('.')}" must be an object, not ${JSON.stringify(list.value)}.`;
    throw new StowageError(ErrorCode.InvalidConfig, message, { where: place, hint: describeKey(keyIn(list.path)) });
  }
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = [...(key === undefined ? [] : [key]), ...(issue.path ?? []).map((item) => item.key as string | number)];
  throw new StowageError(ErrorCode.InvalidConfig, messageOf(issue), { where: placeIn(file, path), hint: hintOf(issue, schema) });
}

/** The key of an app's config that a path leads through. */
function keyIn(path: readonly string[]): string | undefined {
  return path[0] === 'apps' ? path[2] : path[0];
}

interface MisplacedList {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A list is an object to the schema's library, whose output then has other keys than a list. */
function listForObject(value: unknown, output: unknown, path: readonly string[] = []): MisplacedList | undefined {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return undefined;
  if (Array.isArray(value)) return { path, value };
  for (const [key, inner] of Object.entries(output)) {
    const found = listForObject((value as Record<string, unknown>)[key], inner, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The list whose entries were taken for the values of an object. */
function listAbove({ path }: v.BaseIssue<unknown>): MisplacedList | undefined {
  const at = path?.findIndex((item) => item.type === 'object' && Array.isArray(item.input)) ?? -1;
  return path === undefined || at === -1 ? undefined : { path: path.slice(0, at).map(({ key }) => String(key)), value: path[at]?.input };
}

/** Where a file holds the value of a path of keys: the line of its key. */
export function placeIn({ path: file, text }: TextFile, path: readonly (string | number)[]): Location {
  const tree = parseTree(withoutByteOrderMark(text));
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [...path]);
  const offset = node?.parent?.type === 'property' ? node.parent.offset : node?.offset;
  return { file, ...(offset === undefined ? {} : { line: lineOf(text, offset) }), key: path.join('.') };
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue) ?? '';
  if (issue.type === 'strict_object' && issue.expected === 'never') return `Unknown key "${String(issue.path?.at(-1)?.key)}".`;
  const wanted = issue.kind === 'validation' ? issue.message : `must be ${kindOf(issue)}`;
  return `"${name}" ${wanted}, not ${JSON.stringify(issue.input)}.`;
}

function hintOf(issue: v.BaseIssue<unknown>, schema: v.GenericSchema): string {
  const wrong = String(issue.path?.at(-1)?.key);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    if (wrong === 'apps') return '"apps" stands in the file at the root alone.';
    // an entry of "apps" has no key of the file itself
    const known = issue.path?.length === 1 && 'entries' in schema ? Object.keys(schema.entries as object) : appConfigKeys;
    return didYouMean(wrong, known) ?? `Known keys: ${known.filter((key) => !key.startsWith('$')).join(', ')}.`;
  }
  const choices = [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)].map(([, choice = '']) => choice);
  return didYouMean(String(issue.input), choices) ?? describeKey(keyIn((issue.path ?? []).map((item) => String(item.key))));
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  record: 'an object',
  strict_object: 'an object',
};

/** What a value must be; of a choice all that it may be. */
function kindOf({ type, expected }: v.BaseIssue<unknown>): string {
  const words = (expected ?? '').replace(/[()]/g, '').replaceAll(' | ', ' or ');
  return kinds[type] ?? words.replace('string', 'a text').replace('Array', 'a list');
}

function readValue(file: TextFile, key: string | undefined): unknown {
  const errors: ParseError[] = [];
  const tree = parseTree(withoutByteOrderMark(file.text), errors, { allowTrailingComma: true });
  const error = errors[0];
  const broken = (problem: string, offset: number): StowageError =>
    new StowageError(ErrorCode.InvalidConfig, `${file.path} ${problem}.`, {
      where: { file: file.path, line: lineOf(file.text, offset) },
      hint: 'It must hold one JSON object, such as { "port": 8080 }; comments may stand in it.',
    });
  if (tree === undefined) throw broken('is empty', 0);
  if (error !== undefined) throw broken(`is not valid JSON: ${inWords(printParseErrorCode(error.error))}`, error.offset);
  const node = key === undefined ? tree : findNodeAtLocation(tree, [key]);
  if (node !== undefined && node.type !== 'object') throw broken(`${key === undefined ? '' : `has a "${key}" that `}is no object`, node.offset);
  if (node === undefined) return {};
  assertSingleKeys(node, file);
  return toValue(node);
}

/** `CloseBraceExpected`: close brace expected. */
function inWords(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** JSON takes the last of two: a person who wrote both meant something else. */
function assertSingleKeys(node: Node, file: TextFile): void {
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    const [name] = node.type === 'object' ? (child.children ?? []) : [];
    if (name !== undefined && seen.has(name.value)) {
      throw new StowageError(ErrorCode.InvalidConfig, `"${name.value}" is there twice.`, {
        where: { file: file.path, line: lineOf(file.text, name.offset), key: name.value },
        hint: 'Keep one.',
      });
    }
    if (name !== undefined) seen.add(name.value);
    assertSingleKeys(child, file);
  }
}

function toValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(toValue);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).map(({ children }) => [
    children?.[0]?.value as string,
    children?.[1] === undefined ? null : toValue(children[1]),
  ]);
  return Object.fromEntries(entries);
}
