import type { DataSetFacts } from '../data/data-set.ts';
import type { Command, Measured } from '../measure/measure.ts';
import type { Cluster } from '../topics.ts';

/** What a target is to load, and to where. */
export interface Job {
  readonly csvPath: string;
  readonly valuesPath: string;
  /** Of the file. */
  readonly rows: number;
  readonly cluster: Cluster;
  /** Exists already and is empty. */
  readonly topic: string;
  /** For files of the target's own; it is removed after the run. */
  readonly folder: string;
}

/** Something that brings a file to Kafka. */
export interface Target {
  readonly name: string;
  /** The offsets of its topic hold markers beside records, so records have to be read to be counted. */
  readonly transactional: boolean;
  command(job: Job): Promise<Command> | Command;
  /** A line of its standard error after which there is nothing to wait for. */
  hopeless?(line: string): boolean;
  /** From the first row read to the last acknowledged, as it tells itself; null takes the whole process. */
  loadMs(measured: Measured): number | null;
  /** User and system time of the load, as it tells itself; that of the whole process when there is none. */
  cpuMs?(measured: Measured): number;
  /** The records that must be in the topic afterwards; null when that is not known. */
  expected(data: DataSetFacts): number | null;
}
