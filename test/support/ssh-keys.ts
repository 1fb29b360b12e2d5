import ssh2 from 'ssh2';

export interface SshKeys {
  readonly private: string;
  readonly public: string;
}

/** How the private one is encrypted. */
export interface SshKeyEncryption {
  readonly cipher: string;
  readonly passphrase: string;
  readonly rounds: number;
}

/** A pair of keys that can be read: of some hundred that ssh2 makes one is malformed. */
export function sshKeys(encryption?: SshKeyEncryption): SshKeys {
  for (;;) {
    const keys = ssh2.utils.generateKeyPairSync('ed25519', encryption);
    const read = ssh2.utils.parseKey(keys.private, encryption?.passphrase);
    if (!(read instanceof Error)) return keys;
  }
}
