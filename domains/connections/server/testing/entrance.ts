// The entrance as a program of its own, so that a test can kill it. Takes the database's address; prints its port.
import { systemClock } from '#platform/clock'
import { openDatabase } from '#platform/db/database'
import { openAccepting } from '../accept.ts'
import { openKnownConnections } from '../known.ts'
import { openRefusals } from '../refusals.ts'
import { webhookPlugin } from '../webhook.ts'
import { aKeyring, aServer, pager } from './desk.ts'

const db = openDatabase({ url: process.argv[2] ?? '', size: 6 })
const trusting = { ...pager, verify: () => ({ ok: true }) as const }
const app = await aServer(
  () => {
    throw new Error('nobody is asked here')
  },
  webhookPlugin({
    known: openKnownConnections(db, aKeyring(), () => trusting),
    accept: openAccepting(db),
    refusals: openRefusals(db),
    clock: systemClock,
  }),
)
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
