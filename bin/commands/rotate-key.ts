import { readConfig } from '#platform/config'
import {
  ownerClient,
  readArguments,
  requireInstallation,
  requireMigrated,
  UsageError,
  withOwner,
} from '../program/command-line.ts'
import { KEYRING_SETTLES_MS } from '../program/live-keyring.ts'
import { rotateKey } from '../program/rotation.ts'

export const summary = ': seals every stored secret with a new key and forgets the old one; also while the program runs'

export async function run(args: string[]): Promise<number> {
  if (readArguments(args, {}, 'rotate-key').positionals.length > 0)
    throw new UsageError('rotate-key takes no arguments.')
  const config = readConfig(process.env)
  requireInstallation(config)
  const { keyId, rewrapped, unreadable, dropped } = await withOwner(config, async ({ ownerUrl, running }) => {
    const owner = await ownerClient(ownerUrl)
    try {
      await requireMigrated(owner)
      return await rotateKey(owner, config, running ? KEYRING_SETTLES_MS : 0)
    } finally {
      await owner.end()
    }
  })
  console.log(`${rewrapped} stored secrets were sealed anew; the key is now ${keyId}.`)
  if (unreadable.length > 0) {
    console.error(
      `No key that is here opens some values of ${unreadable.join(', ')}. They stay as they are, and so do the old keys.`,
    )
    return 1
  }
  if (dropped)
    console.log(
      'The old keys are forgotten. A Rapport that runs on this data folder has the new one already. Keep the new keyring.json apart from the backups.',
    )
  else if (config.secretKey!.includes(','))
    console.log(
      'Nothing needs the keys behind the first one in SECRET_KEY any more: take them out and restart Rapport.',
    )
  else
    console.log(
      'SECRET_KEY names one key only. To rotate: put a new one in front (new,old), restart Rapport, and run this again.',
    )
  return 0
}
