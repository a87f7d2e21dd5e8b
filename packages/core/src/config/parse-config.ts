import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as v from 'valibot';
import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import type { TextFile } from '../model.ts';
import { appConfigKeys } from './schema.ts';

/**
 * A config file (JSON with comments) by a schema; `key` names the part of the file that holds it.
 * @throws StowageError InvalidConfig with file, line and key, and the nearest known key for a misspelt one
 */
export function parseConfig<Schema extends v.GenericSchema>(schema: Schema, file: TextFile, key?: string): v.InferOutput<Schema> {
  const value = readValue(file, key);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = (issue.path ?? []).map((item) => String(item.key));
  const wrong = path.at(-1) ?? '';
  const unknown = issue.type === 'strict_object';
  const where = {
    file: file.path,
    ...lineOf(file.text, [...(key === undefined ? [] : [key]), ...path]),
    key: [...(key ? [key] : []), ...path].join('.'),
  };
  if (unknown) {
    throw new StowageError(ErrorCode.InvalidConfig, `Unknown key "${wrong}".`, {
      where,
      hint: didYouMean(wrong, [...appConfigKeys, 'apps']) ?? `Known keys: ${appConfigKeys.join(', ')}.`,
    });
  }
  throw new StowageError(ErrorCode.InvalidConfig, `${path.join('.') || 'The config'}: ${issue.message}.`, {
    where,
    hint: issue.expected === null ? 'docs/config.md tells what each key means.' : `Expected ${issue.expected}.`,
  });
}

function readValue(file: TextFile, key: string | undefined): unknown {
  const errors: ParseError[] = [];
  const tree = parseTree(file.text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const error = errors[0];
  if (error !== undefined || tree === undefined) {
    throw new StowageError(
      ErrorCode.InvalidConfig,
      `${file.path} is not valid JSON: ${error === undefined ? 'it is empty' : printParseErrorCode(error.error)}.`,
      {
        where: { file: file.path, line: file.text.slice(0, error?.offset ?? 0).split('\n').length },
      },
    );
  }
  const node = key === undefined ? tree : findNodeAtLocation(tree, [key]);
  return node === undefined ? {} : toValue(node);
}

function toValue(node: import('jsonc-parser').Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(toValue);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).map(({ children }) => [
    children?.[0]?.value as string,
    children?.[1] === undefined ? null : toValue(children[1]),
  ]);
  return Object.fromEntries(entries);
}

function lineOf(text: string, path: readonly string[]): { line?: number } {
  const tree = parseTree(text);
  const node = tree === undefined ? undefined : findNodeAtLocation(tree, [...path]);
  const offset = node?.parent?.type === 'property' ? node.parent.offset : node?.offset;
  return offset === undefined ? {} : { line: text.slice(0, offset).split('\n').length };
}
