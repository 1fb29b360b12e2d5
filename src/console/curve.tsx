import { short } from './figures.ts';

interface CurveProps {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
  /** What a person who does not see it is told. */
  readonly label: string;
}

/** Rows per second over the last two minutes. */
export function Curve({ values, width, height, label }: CurveProps) {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map((value, index) => {
    const y = height - 1 - (value / most) * (height - 2);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  const text = `${label}: now ${short(values.at(-1) ?? 0)}, at most ${short(Math.max(0, ...values))}`;
  return (
    <svg
      class="curve"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}
