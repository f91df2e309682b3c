import { systemClock } from '#platform/clock'
import { makeResetLinkByHand } from '#workspaces/server'
import { CommandError, readArguments, UsageError, withInstallation } from '../program/command-line.ts'

const usage = 'reset-link E-MAIL'
export const summary = `${usage.slice('reset-link '.length)}: prints a link by which that person sets a new password`

/** For an installation without mail where nobody is left who could help under People. The link works once, for an hour. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, usage)
  if (positionals.length !== 1) throw new UsageError(`Name the e-mail of the account.\nUsage: rapport ${usage}`)
  const email = positionals[0]!
  const link = await withInstallation(async ({ db, config }) => {
    const made = await makeResetLinkByHand(db, systemClock.now(), email)
    return made && `${config.publicUrl}/reset-password#${made.token}`
  })
  if (link === null) throw new CommandError(`There is no account for ${email}.`)
  console.log(link)
  return 0
}
