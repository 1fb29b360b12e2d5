import { foldersThere } from '../files/disk/disk-store.ts';
import { FolderScan } from '../files/disk/folder-scan.ts';
import type { ListedFile } from '../files/file-store.ts';
import { SILENT } from '../files/silent-log.ts';
import { WantedFiles, type WantedNames } from '../files/watching/wanted-files.ts';

export interface WatchedFolder extends WantedNames {
  readonly inputPath: string;
  readonly finishedPath: string | null;
  readonly errorPath: string | null;
}

/** The files in a folder that are wanted, delivered or not; none where it cannot be read. Changes nothing. */
export async function filesIn(folder: WatchedFolder): Promise<ListedFile[]> {
  const { inputPath, finishedPath, errorPath } = folder;
  const excluded = await foldersThere([finishedPath, errorPath]);
  const scan = new FolderScan({ inputPath, excluded, log: SILENT });
  const wanted = WantedFiles.ofFeed(folder);
  const files: ListedFile[] = [];
  for await (const page of scan.pages(wanted, new AbortController().signal)) files.push(...page);
  return files;
}
