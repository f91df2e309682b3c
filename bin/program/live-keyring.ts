// The keyring of a program that runs, kept up with its file: `rotate-key` puts a new key there and seals everything anew, and the
// program must be able to open that without a restart.
import { unwatchFile, watchFile } from 'node:fs'
import { join } from 'node:path'
import type { Keyring } from '#platform/crypto'

const LOOK_EVERY_MS = 1000
/** How long a rotation waits until every program on the data folder has seen the new key. */
export const KEYRING_SETTLES_MS = 3 * LOOK_EVERY_MS

export interface LiveKeyring extends Disposable {
  readonly keyring: Keyring
}

/** A keyring that always answers with what the file holds now. A file that can't be read changes nothing, and is told. */
export function followKeyring(
  first: Keyring,
  directory: string,
  reload: () => Promise<Keyring>,
  onError: (error: unknown) => void,
): LiveKeyring {
  const path = join(directory, 'keyring.json')
  let current = first
  const look = (): void => void reload().then((next) => (current = next), onError)
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look)
  return {
    keyring: {
      get currentId() {
        return current.currentId
      },
      get keys() {
        return current.keys
      },
      root: first.root,
    },
    [Symbol.dispose]: () => unwatchFile(path, look),
  }
}
