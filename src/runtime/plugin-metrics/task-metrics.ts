import { isDeepStrictEqual } from 'node:util';
import type { MetricLabels, MetricOptions, PluginLog, PluginMetrics } from '../../plugin/index.ts';
import { PluginFault, type PluginUse, placeOfCall, shownValue } from '../../plugin-calls/plugin-use.ts';
import { threadCalls } from '../../plugin-calls/thread-calls.ts';
import type { MetricChange } from './metric-change.ts';
import { declarationMistake, type MetricDeclaration, namesake } from './metric-declaration.ts';
import { type MetricSeries, OTHERS, SeriesOfMetric } from './series-of-metric.ts';

const MOST_METRICS = 100;

interface Declared {
  readonly plugin: PluginUse;
  readonly declaration: MetricDeclaration;
  readonly series: SeriesOfMetric;
}

/** The metrics of the plugins of one task, as far as they have not been told yet. */
export class TaskMetrics {
  readonly #feedLabels: readonly string[];
  readonly #log: Pick<PluginLog, 'warn'>;
  readonly #declared = new Map<string, Declared>();

  /** @param feedLabels names of the labels that the feed adds to its metrics */
  constructor(feedLabels: readonly string[], log: Pick<PluginLog, 'warn'>) {
    this.#feedLabels = feedLabels;
    this.#log = log;
  }

  /** As one plugin gets them. */
  of(plugin: PluginUse): PluginMetrics {
    return {
      counter: (name, options) => {
        const { series, at } = this.#declare(plugin, { type: 'counter', name, ...optionsOf(options) });
        return {
          inc(by = 1, labels) {
            if (!(Number.isFinite(by) && by >= 0))
              throw valueFault(plugin, name, 'a number of 0 or more', by);
            at(labels).value += by;
            series.changed = true;
          },
        };
      },
      gauge: (name, options) => {
        const { series, at } = this.#declare(plugin, { type: 'gauge', name, ...optionsOf(options) });
        return {
          set(value, labels) {
            if (!Number.isFinite(value)) throw valueFault(plugin, name, 'a number', value);
            at(labels).value = value;
            series.changed = true;
          },
        };
      },
      histogram: (name, options) => {
        const declared = {
          type: 'histogram',
          name,
          ...optionsOf(options),
          buckets: options?.buckets,
        } as const;
        const { series, at } = this.#declare(plugin, declared);
        return {
          observe(value, labels) {
            if (!Number.isFinite(value)) throw valueFault(plugin, name, 'a number', value);
            series.observe(at(labels), value);
          },
        };
      },
    };
  }

  /** What has changed since it was asked the last time. */
  take(): readonly MetricChange[] {
    return [...this.#declared.values()].flatMap(({ plugin, declaration, series }) =>
      series.changed ? [{ plugin: plugin.key, declaration, series: series.take() }] : [],
    );
  }

  /** @throws PluginFault when it cannot be */
  #declare(plugin: PluginUse, declaration: MetricDeclaration) {
    const mistake = declarationMistake(declaration, this.#feedLabels, plugin.modulePath === null);
    if (mistake !== null) throw faultOf(plugin, mistake);
    const { name } = declaration;
    const key = `${plugin.key} ${name}`;
    let declared = this.#declared.get(key);
    if (declared === undefined || !isDeepStrictEqual(declared.declaration, declaration)) {
      this.#requireFree(plugin, declaration);
      declared = {
        plugin,
        declaration,
        series: new SeriesOfMetric(declaration, () => this.#tellOthers(plugin, name)),
      };
      this.#declared.set(key, declared);
    }
    const { series } = declared;
    return { series, at: (labels?: MetricLabels) => seriesAt(plugin, declaration, series, labels) };
  }

  /** Plugins of a feed may have the same metric, which their places tell apart, but not two of one name. */
  #requireFree(plugin: PluginUse, declaration: MetricDeclaration): void {
    if (this.#declared.size >= MOST_METRICS)
      throw faultOf(
        plugin,
        `expected at most ${MOST_METRICS} metrics in a feed; ${declaration.name} is one more`,
      );
    const others = [...this.#declared.values()].filter(
      (other) => !isDeepStrictEqual(other.declaration, declaration),
    );
    const clash = namesake(
      declaration,
      others.map(({ declaration }) => declaration),
    );
    if (clash === undefined) return;
    const whose = others.find((other) => other.declaration === clash)?.plugin.key;
    throw faultOf(
      plugin,
      `${declaration.name}: ${whose} has declared the ${clash.type} ${clash.name} otherwise; choose another name`,
    );
  }

  #tellOthers({ key: plugin }: PluginUse, metric: string): void {
    this.#log.warn('metric has too many label values', { plugin, metric, told: OTHERS });
  }
}

/** @throws PluginFault when the labels are not those that it was declared with */
function seriesAt(
  plugin: PluginUse,
  { name, labels }: MetricDeclaration,
  series: SeriesOfMetric,
  given: MetricLabels | undefined,
): MetricSeries {
  const count = given === undefined ? 0 : Object.keys(given).length;
  const areThere = count === labels.length && labels.every((label) => isLabelValue(given?.[label]));
  if (areThere) return series.at(given);
  const wanted =
    labels.length === 0 ? 'no labels' : `a text, number or boolean for each of ${labels.join(', ')}`;
  const got =
    count === 0 ? 'none' : Object.entries(given ?? {}).map(([label, value]) => `${label} (${typeof value})`);
  throw faultOf(plugin, `${name}: expected ${wanted}; got ${got}`);
}

function isLabelValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function optionsOf(options: MetricOptions | undefined) {
  return { help: options?.help as string, labels: options?.labels ?? [], buckets: [] };
}

function valueFault(plugin: PluginUse, name: string, expected: string, value: unknown): PluginFault {
  return faultOf(plugin, `${name}: expected ${expected}, got ${shownValue(value)}`);
}

function faultOf(plugin: PluginUse, what: string): PluginFault {
  const { position } = threadCalls().board;
  return new PluginFault(plugin, `${position === null ? '' : `${placeOfCall(position)}: `}metrics: ${what}`);
}
