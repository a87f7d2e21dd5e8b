/** A line of a plot: what it stands for, its colour, and its points in the order of x. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 420;
const HEIGHT = 300;
const LEFT = 52;
const TOP = 34;
const INNER = { width: 340, height: 210 };

/** Panels side by side as SVG, both axes logarithmic: what grows linearly is a line of the slope of the thin grey one. */
export function plot(panels: readonly { readonly title: string; readonly series: readonly Series[] }[]): string {
  const drawn = panels.map(({ title, series }, index) => `<g transform="translate(${index * WIDTH} 0)">${panel(title, series)}</g>`);
  const legend = (panels[0]?.series ?? []).map(
    ({ name, colour, dashed }, index) =>
      `<g transform="translate(${20 + index * 134} ${HEIGHT + 4})"><line x2="22" y1="-4" y2="-4" ${stroke(colour, dashed)}/><text x="28">${name}</text></g>`,
  );
  const size = [panels.length * WIDTH, HEIGHT + 16];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(' ')}" font-family="sans-serif" font-size="11" fill="#444">
<title>${panels.map(({ title }) => title).join(' and ')} over the number of packages</title>
<rect width="100%" height="100%" fill="#fff"/>
${[...drawn, ...legend].join('\n')}
</svg>
`;
}

function panel(title: string, series: readonly Series[]): string {
  const points = series.flatMap((one) => one.points);
  const x = scale(
    points.map(([value]) => value),
    LEFT,
    LEFT + INNER.width,
  );
  const y = scale(
    points.map(([, value]) => value),
    TOP + INNER.height,
    TOP,
  );
  const xs = [...new Set(points.map(([value]) => value))];
  const first = series[0]?.points[0];
  const linear = first === undefined ? [] : [first, [xs.at(-1) ?? first[0], (first[1] * (xs.at(-1) ?? first[0])) / first[0]] as const];
  return [
    `<text x="${LEFT}" y="18" font-weight="bold">${title}</text>`,
    `<clipPath id="${title.length}"><rect x="${LEFT}" y="${TOP}" width="${INNER.width}" height="${INNER.height}"/></clipPath>`,
    ...xs.map((value) => `<text x="${at(x(value))}" y="${TOP + INNER.height + 16}" text-anchor="middle">${value.toLocaleString('en')}</text>`),
    ...y.ticks.map(
      (value) =>
        `<line x1="${LEFT}" x2="${LEFT + INNER.width}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#eee"/><text x="${LEFT - 6}" y="${at(y(value) + 4)}" text-anchor="end">${value}</text>`,
    ),
    `<polyline clip-path="url(#${title.length})" fill="none" stroke="#bbb" points="${path(linear, x, y)}"/>`,
    ...series.flatMap(({ colour, dashed, points }) => [
      `<polyline fill="none" ${stroke(colour, dashed)} points="${path(points, x, y)}"/>`,
      ...points.map(([a, b]) => `<circle cx="${at(x(a))}" cy="${at(y(b))}" r="2.5" fill="${colour}"/>`),
    ]),
  ].join('\n');
}

interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** Logarithmic, from a third below the least value to a third above the greatest. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [Math.log10(Math.min(...values) / 1.3), Math.log10(Math.max(...values) * 1.3)];
  const ticks = [-2, -1, 0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5].map((digit) => Number((digit * 10 ** power).toPrecision(1))));
  const place = (value: number): number => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  return Object.assign(place, { ticks: ticks.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high) });
}

function path(points: readonly (readonly [number, number])[], x: Scale, y: Scale): string {
  return points.map(([a, b]) => `${at(x(a))},${at(y(b))}`).join(' ');
}

function at(value: number): string {
  return value.toFixed(1);
}

function stroke(colour: string, dashed: boolean): string {
  return `stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="5 3"' : ''}`;
}
