import { GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import { conformsAsFileStore } from '../store-conformance.ts';
import { below, newS3Bucket, storeOn } from './support.ts';

/** The server is slow with many objects. */
const PAGES = { filesOfPages: 230 };
const PREFIX = 'in the/prefix+/';

async function prefixOfBucket() {
  const bucket = await newS3Bucket('conforms');
  const other = await newS3Bucket('done');
  await bucket.put('beside/a.csv', 'not of the prefix');
  return {
    files: below(bucket, PREFIX),
    open: async () => storeOn(bucket, { prefix: PREFIX, pageObjects: 100 }),
    destination: (folder: string) => `s3://${other.name}/away/${folder}`,
    moved: (folder: string) => below(other, `away/${folder}/`),
    async tagsOf(path: string) {
      const command = new GetObjectTaggingCommand({ Bucket: bucket.name, Key: PREFIX + path });
      const { TagSet = [] } = await bucket.client.send(command);
      return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
    },
  };
}

conformsAsFileStore('a bucket of S3', prefixOfBucket, PAGES);
