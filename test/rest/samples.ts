/** The samples of a metric in Prometheus' text format: labels to value. */
export function samplesOf(text: string, metric: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${metric}{`));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(metric.length, end), Number(line.slice(end + 1))];
    }),
  );
}
