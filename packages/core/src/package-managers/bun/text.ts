import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { TextFile } from '../../model.ts';
import { lineOf } from '../../text.ts';

/** JSON whose objects keep their keys in the file's order, integer-like ones too. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

/** A member of an object, with the text of its value as the file has it. */
export interface Member {
  readonly key: string;
  readonly value: Json;
  readonly text: string;
  readonly line: number;
}

/**
 * The members of the outermost object of a JSON file with comments and trailing commas.
 * @throws StowageError LockfileSyntax with the line.
 */
export function parseMembers(file: TextFile): Member[] {
  const errors: ParseError[] = [];
  const root = parseTree(file.text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) throw syntaxError(file, error.offset, printParseErrorCode(error.error));
  if (root?.type !== 'object') throw syntaxError(file, 0, 'ObjectExpected');
  return membersOf(file.text, root);
}

/** The members of an object inside the file that `value` was read from. */
export function nestedMembers(member: Member): Member[] {
  const root = parseTree(member.text, [], { allowTrailingComma: true });
  return root?.type === 'object' ? membersOf(member.text, root, member.line) : [];
}

function membersOf(text: string, object: Node, firstLine = 1): Member[] {
  let line = firstLine;
  let at = 0;
  return (object.children ?? []).map((property) => {
    const [key, value] = property.children as [Node, Node];
    for (; at < key.offset; at++) if (text.charCodeAt(at) === 10) line++;
    return { key: key.value as string, value: jsonOf(value), text: text.slice(value.offset, value.offset + value.length), line };
  });
}

function jsonOf(node: Node): Json {
  if (node.type === 'array') return (node.children ?? []).map(jsonOf);
  if (node.type !== 'object') return node.value as Json;
  return new Map((node.children ?? []).map(({ children }) => [children?.[0]?.value as string, jsonOf(children?.[1] as Node)]));
}

function syntaxError(file: TextFile, offset: number, problem: string): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${file.path} cannot be read: ${problem}.`, {
    where: { file: file.path, line: lineOf(file.text, offset) },
    hint: 'Restore the file from git, or delete it and run `bun install`.',
  });
}

/** A value as bun writes it: one member a line, each with a comma. */
export function printBlock(value: Json, indent: string): string {
  if (!(value instanceof Map) && !Array.isArray(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines =
    value instanceof Map
      ? [...(value as JsonObject)].map(([key, member]) => `${inner}${JSON.stringify(key)}: ${printBlock(member, inner)},\n`)
      : (value as readonly Json[]).map((item) => `${inner}${printBlock(item, inner)},\n`);
  const [open, close] = value instanceof Map ? ['{', '}'] : ['[', ']'];
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join('')}${indent}${close}`;
}

/** A value on one line, as in bun's tuples. */
export function printInline(value: Json): string {
  if (value instanceof Map) {
    const members = [...(value as JsonObject)].map(([key, member]) => `${JSON.stringify(key)}: ${printInline(member)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return Array.isArray(value) ? `[${value.map(printInline).join(', ')}]` : JSON.stringify(value);
}

export function objectAt(value: Json | undefined, key: string): JsonObject {
  const member = value instanceof Map ? (value as JsonObject).get(key) : undefined;
  return member instanceof Map ? member : new Map();
}

export function stringsAt(value: Json | undefined, key: string): string[] {
  const member = value instanceof Map ? (value as JsonObject).get(key) : undefined;
  return Array.isArray(member) ? member.filter((item): item is string => typeof item === 'string') : [];
}
