import type { Command, Help, Option } from 'commander';

/** Usage, what it does, commands or arguments, own options, then what holds everywhere; examples follow. */
export function formatHelp(command: Command, helper: Help): string {
  const isRoot = command.parent === null;
  const own = helper.visibleOptions(command);
  const inherited = helper.visibleGlobalOptions(command);
  const width = helper.padWidth(command, helper);
  const list = (title: string, rows: readonly (readonly [string, string])[]): string[] =>
    rows.length === 0 ? [] : [`${title}:`, ...rows.map(([term, description]) => helper.formatItem(term, width, description, helper)), ''];
  const options = (title: string, from: typeof own) =>
    list(
      title,
      from.map((option) => [helper.optionTerm(option), withChoices(option)]),
    );
  const commands = helper.visibleCommands(command);
  const given = helper.visibleArguments(command);
  return [
    `Usage: ${helper.commandUsage(command)}`,
    '',
    helper.boxWrap(helper.commandDescription(command), helper.helpWidth ?? 80),
    '',
    ...list(
      'Commands',
      commands.map((each) => [helper.subcommandTerm(each), helper.subcommandDescription(each)]),
    ),
    ...list(
      'Arguments',
      given.map((argument) => [`<${argument.name()}>`, helper.argumentDescription(argument)]),
    ),
    ...(isRoot
      ? []
      : options(
          'Options',
          own.filter((option) => option.long !== '--help'),
        )),
    ...options(
      'Everywhere',
      isRoot ? own : [...inherited.filter(({ long }) => long !== '--version' && long !== '--help'), ...own.filter(({ long }) => long === '--help')],
    ),
  ].join('\n');
}

/** A description that explains each choice has them already. */
function withChoices({ description, argChoices = [] }: Option): string {
  return argChoices.every((choice) => description.includes(choice)) ? description : `${description}: ${argChoices.join(', ')}`;
}
