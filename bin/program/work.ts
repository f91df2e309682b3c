// What a process with the role `worker` does: it reads what was accepted, reacts to events, sends, and does the jobs.
import { customerTasks } from '#customers/server'
import { inboxReactions, inboxTasks, runSender } from '#inbox/server'
import { runIntake } from '#intake/server'
import { openPresence } from '#platform/db/presence'
import { runReactions } from '#platform/events/reactions'
import { readFile } from '#platform/files/keep'
import { runJobs } from '#platform/jobs'
import { openTriage, triageReactions, triageTasks } from '#triage/server'
import { webchatReactions, webchatTasks } from '#webchat/server'
import type { Parts } from './parts.ts'

/** Whoever lives comes back to the database within a second. */
const OWN_MISSED_MS = 5_000

/** Ends with `stack`. */
export async function startWork(parts: Parts, stack: AsyncDisposableStack): Promise<void> {
  const { config, db, clock, log, known, files, guarded, network, assessor, largeModel, loginUrl, onError } = parts
  stack.use(runReactions(db, clock, log, [...inboxReactions, ...webchatReactions, ...triageReactions({ known })]))
  const triage = openTriage({ db, log, known, assessor, largeModel: largeModel !== null })
  stack.use(runIntake({ db, clock, log, known, files, ...(parts.understands && { triage }) }))
  const presence = openPresence({ url: loginUrl, onError })
  stack.defer(() => presence.close())
  stack.use(
    runSender({
      presence,
      // Nobody else works on a database of our own: who is not back by then was ended before we began.
      ...(config.databaseUrl === null && { missedMs: OWN_MISSED_MS }),
      db,
      clock,
      log,
      known,
      network,
      openFile: (sha256) => readFile(files, sha256),
    }),
  )
  const tasks = {
    ...customerTasks({ db, files, guarded }),
    ...inboxTasks({ db, files, guarded, known, network, clock }),
    ...webchatTasks({ known }),
    ...triageTasks({ known, assessor, largeModel }),
  }
  stack.use(await runJobs({ db, url: loginUrl, clock, log, tasks }))
}
