import { assert, constantFrom, json, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printObject, readObject, withValue } from '../../../packages/core/src/package-managers/npm/json-text.ts';

describe('the text of a JSON object', () => {
  it('is cut and put together again without a loss, however it is formatted', () => {
    const formatted = record({ value: json(), indent: constantFrom('', ' ', '  ', '\t'), newline: constantFrom('\n', '\r\n') });
    assert(
      property(formatted, ({ value, indent, newline }) => {
        const data = { first: JSON.parse(value), 'a "quoted\\" key': [JSON.parse(value), {}], last: '}],\\"' };
        const text = JSON.stringify(data, null, indent).replaceAll('\n', newline);
        const { members, tail } = readObject(text, 0);
        expect(members.map(({ key }) => key)).toEqual(Object.keys(data));
        expect(
          printObject(
            members.map((member) => member.text),
            tail,
          ),
        ).toBe(text);
        for (const member of members) expect(JSON.parse(member.text.slice(member.valueStart))).toEqual(data[member.key as keyof typeof data]);
      }),
    );
  });

  it('gives a member another value, and an object no member', () => {
    const { members, tail } = readObject('{ "a" : 1,\n  "b": {"c": 2} }', 0);
    expect(printObject([withValue(members[0] as (typeof members)[0], '"x"'), members[1]?.text ?? ''], tail)).toBe('{ "a" : "x",\n  "b": {"c": 2} }');
    expect(printObject([], tail)).toBe('{}');
    expect(readObject('{ }', 0).members).toEqual([]);
  });
});
