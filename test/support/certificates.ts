import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  /** PKCS #8. */
  readonly key: string;
}

/** What certificates are signed by. */
export interface Authority extends Certificate {
  /** A certificate for a server of these host names and addresses, or for a client when there are none. */
  issue(commonName: string, hosts?: readonly string[]): Certificate;
}

const DAY_MS = 86_400_000;

/** A new authority that nobody knows yet, with keys on the curve P-256. */
export function newAuthority(commonName: string): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = distinguishedName(commonName);
  const certificate = signed({ subject, publicKey, extensions: [IS_AUTHORITY] }, subject, privateKey);
  return authorityOf(commonName, { certificate, key: pkcs8(privateKey) });
}

/** An authority by its certificate and key. */
export function authorityOf(commonName: string, own: Certificate): Authority {
  const issuerKey = createPrivateKey(own.key);
  const issuer = distinguishedName(commonName);
  return {
    ...own,
    issue(subject, hosts = []) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extensions = hosts.length === 0 ? [] : [hostNames(hosts)];
      const of = { subject: distinguishedName(subject), publicKey, extensions };
      return { certificate: signed(of, issuer, issuerKey), key: pkcs8(privateKey) };
    },
  };
}

/** The key of a certificate, encrypted. */
export function encryptedKey({ key }: Certificate, passphrase: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
  return createPrivateKey(key).export(options).toString();
}

interface Subject {
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** An X.509 certificate (RFC 5280) that holds from yesterday for a month. */
function signed({ subject, publicKey, extensions }: Subject, issuer: Buffer, key: KeyObject): string {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + 30 * DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [explicit(3, sequence(...extensions))] : []),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, key)]);
  const der = sequence(body, ECDSA_WITH_SHA256, element(0x03, signature));
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** One element of DER: tag, length, content. */
function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length: size } = content;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return element(0x30, ...contents);
}

function explicit(tag: number, content: Buffer): Buffer {
  return element(0xa0 + tag, content);
}

function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

function objectId(...hex: readonly string[]): Buffer {
  return element(0x06, Buffer.from(hex.join(''), 'hex'));
}

function utcTime(timeMs: number): Buffer {
  const [date = ''] = new Date(timeMs).toISOString().replaceAll(/[-:T]/g, '').split('.');
  return element(0x17, Buffer.from(`${date.slice(2)}Z`));
}

function distinguishedName(commonName: string): Buffer {
  const text = element(0x0c, Buffer.from(commonName));
  return sequence(element(0x31, sequence(objectId('550403'), text)));
}

/** Subject alternative names. */
function hostNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 4
      ? element(0x87, Buffer.from(host.split('.').map(Number)))
      : element(0x82, Buffer.from(host)),
  );
  return sequence(objectId('551d11'), element(0x04, sequence(...names)));
}

const ECDSA_WITH_SHA256 = sequence(objectId('2a8648ce3d040302'));
/** Basic constraints, which are critical: an authority. */
const IS_AUTHORITY = sequence(
  objectId('551d13'),
  element(0x01, Buffer.from([0xff])),
  element(0x04, sequence(element(0x01, Buffer.from([0xff])))),
);
