// The real program as a child of a drill: the same parts in the same order as `npm start`, with two doors that only a drill opens:
// the loopback may be reached (its platforms live there), and the clock can be set.
import { mkdir } from 'node:fs/promises'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { feed } from './feed.ts'
import { startProgram } from '../bin/program/program.ts'

let offsetMs = 0
process.on('message', (message: { offsetMs?: number }) => {
  if (message.offsetMs !== undefined) offsetMs = message.offsetMs
})

const config = readConfig(process.env)
await mkdir(config.dataDir, { recursive: true, mode: 0o711 })
const program = await startProgram({
  config,
  log: createLog(config),
  version: 'drill',
  clock: { now: () => new Date(Date.now() + offsetMs) },
  allowPrivate: () => true,
  moreChannels: [feed],
})
process.on('SIGTERM', () => void program[Symbol.asyncDispose]().then(() => process.exit(0)))
// The drill is gone: so are we.
process.once('disconnect', () => process.exit(1))
process.send!({ ready: true, setupToken: program.setupLink?.split('#')[1] ?? null, ownerUrl: program.ownerUrl })
