// The scripted SMTP server in the words of the conformance kit.
import type { SmtpMischief, SmtpStage } from './smtp-server.ts'
import { type ScriptedSmtpOptions, startScriptedSmtp } from './smtp-server.ts'

const scripts: Readonly<Record<string, Partial<Record<SmtpStage, SmtpMischief>>>> = {
  taking: {},
  takingLate: { body: { lateMs: 200 } },
  answeringTwice: { body: 'twice' },
  notLettingIn: { auth: '535 5.7.8 Wrong password' },
  refusingForNow: { rcpt: '450 4.2.1 Greylisted, come again' },
  limiting: { mail: '421 4.7.0 Too many messages, try again in 90 seconds' },
  refusing: { rcpt: '550 5.1.1 No such user' },
  refusingAtTheEnd: { body: '554 5.7.1 Spam' },
  deferringAtTheEnd: { body: '451 4.3.0 Queue full' },
  silentAtOnce: { greeting: 'silent' },
  silentBefore: { mail: 'silent' },
  hangingUpAtOnce: { greeting: 'hang up' },
  hangingUpBefore: { data: 'hang up' },
  hangingUpHalfway: { body: { cutAfter: 20_000 } },
  silentAfter: { body: 'keep in silence' },
  hangingUpAfter: { body: 'keep and hang up' },
  answeringHalf: { body: 'half an answer' },
}

export async function startSocketPlatform(options: ScriptedSmtpOptions) {
  const server = await startScriptedSmtp(options)
  return {
    port: server.port,
    behave: (trouble: string) => server.script(scripts[trouble]!),
    kept: () =>
      server.taken.map(({ raw }) => /^Message-ID: <([^>]+)>/im.exec(raw.toString('latin1'))?.[1] ?? 'no name'),
    stop: () => server.stop(),
  }
}
