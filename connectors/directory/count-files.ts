import { Finisher, type FinisherOptions } from '../files/finishing/finisher.ts';
import { FolderScan } from './folder-scan.ts';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export interface CountOptions extends FinisherOptions {
  readonly inputPath: string;
  readonly inputFilePattern: string;
}

/** How many files in the folder are wanted, delivered or not; none where it cannot be read. */
export async function countFiles(options: CountOptions): Promise<number> {
  const scan = new FolderScan({
    inputPath: options.inputPath,
    excluded: await new Finisher(options).foldersThere(),
    pattern: options.inputFilePattern,
    isOwn: () => true,
    tellsPassedOver: false,
    log: SILENT,
  });
  return (await scan.scan()).files.length;
}
