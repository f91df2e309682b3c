// Answers leave for platforms that are slow, fail and ask for patience, by webhook and by SMTP. Counted on the platform's side: what came, how often,
// and whether the allowance of so many in so long was used while something waited.
import { randomUUIDv7 } from 'node:crypto'
import {
  answer,
  hangUp,
  receiver,
  slow,
  startFakePlatform,
  type Behaviour,
  type FakePlatform,
} from '#platform/testing/fake-platform'
import { seededRandom } from '#platform/testing/random'
import { api } from '#channels/api/index'
import type { SendBudget } from '#channels/connector'
import { claim, connectApi, fromAddress, type Desk } from './desk.ts'
import { makeDeliveries, storePending, take, type Delivery } from './deliveries.ts'
import { atLeast, atMost, plain, sleep, type Bench, type Measured } from './harness.ts'
import { callJson, waitFor } from './load.ts'
import { connectSmtp, makeMails, SMTP_BUDGET, startSmtpLines, takenBy, type SmtpLine } from './send-smtp.ts'
import type { BenchDatabase, Served } from './world.ts'

/** What a connection of this channel allows itself. */
const BUDGET = api.budget
/** What the platform that asks for patience lets through: a bucket of so many that fills at so many a second. */
const PATIENT = { bucket: 10, perSecond: 5 }

interface Try {
  readonly connection: string
  readonly id: string
  readonly at: number
  /** Milliseconds until the platform had answered or hung up. */
  took: number
}

interface Line {
  readonly name: string
  readonly behave: () => Behaviour
}

export async function send(bench: Bench): Promise<Measured> {
  await using database = await bench.server.database('bench_send')
  await using served = await database.serve()
  const desk = await claim(served)
  const perConnection = bench.pick(12, 900)
  const arrivals: Try[] = []
  const taken = receiver()
  const answered = new Map<string, number>()
  const random = seededRandom(6)
  const refusals = { count: 0 }

  // Everybody is slow. The second also fails: with 500, by hanging up before it takes the message and after. The third takes
  // only so many a second.
  const well: Behaviour = (request, response) => {
    const id = request.headers['webhook-id'] ?? ''
    answered.set(id, (answered.get(id) ?? 0) + 1)
    answer(200, {})(request, response)
  }
  const tokens = { left: PATIENT.bucket, at: performance.now(), used: 0, first: 0, last: 0 }
  const patience: Behaviour = (request, response) => {
    const now = performance.now()
    tokens.left = Math.min(PATIENT.bucket, tokens.left + ((now - tokens.at) / 1000) * PATIENT.perSecond)
    tokens.at = now
    if (tokens.left < 1) {
      refusals.count += 1
      return answer(429, { reason: 'Slow down' }, { 'retry-after': '1' })(request, response)
    }
    tokens.left -= 1
    tokens.used += 1
    tokens.first ||= now
    tokens.last = now
    slow(30, taken.take(well))(request, response)
  }
  const failing = (): Behaviour => {
    const chance = random.next()
    if (chance < 0.05) return slow(150, answer(500, { reason: 'Out of order' }))
    if (chance < 0.08) return slow(150, hangUp())
    if (chance < 0.11) return slow(150, taken.take(hangUp()))
    return slow(150 + random.below(100), taken.take(well))
  }
  const lookUp: Behaviour = (request, response) => {
    const id = new URL(request.path, 'http://platform').searchParams.get('id') ?? ''
    const known = taken.taken.has(id)
    answer(known ? 200 : 404, known ? { externalId: id } : {})(request, response)
  }
  const lines: Line[] = [
    { name: 'slow', behave: () => slow(150 + random.below(100), taken.take(well)) },
    { name: 'failing', behave: failing },
    { name: 'rate-limiting', behave: () => patience },
  ]
  // Three platforms, so that what one does to its callers is not felt by the others.
  const platforms: FakePlatform[] = []
  const mailLines: SmtpLine[] = await startSmtpLines()
  try {
    for (const { name, behave } of lines) {
      const platform = await startFakePlatform((request, response) => {
        if (request.path.startsWith('/look-up')) return lookUp(request, response)
        const one = { connection: name, id: request.headers['webhook-id'] ?? '', at: performance.now(), took: 0 }
        arrivals.push(one)
        response.once('close', () => void (one.took = performance.now() - one.at))
        behave()(request, response)
      })
      platforms.push(platform)
      const settings = { callbackUrl: `${platform.url}/answers`, lookUpUrl: `${platform.url}/look-up` }
      const connection = await connectApi(served, desk, name, { settings })
      const made = makeDeliveries({ seed: 600 + name.length, connections: [connection], threads: 1_000_000 })
      await openConversations(database, desk, take(made, perConnection))
    }
    for (const line of mailLines) {
      const connection = await connectSmtp(served, desk, line)
      await openConversations(database, desk, makeMails(connection, line.name, perConnection))
    }
    const sent = await answerAll(database, served, desk)
    bench.say(`${sent} answers are held; they leave when their undo time is over`)
    const settled = await drain(database, bench.pick(60, 600))
    const ofApi = (name: string) => arrivals.filter(({ connection }) => connection === name)
    const usedSlow = useOf(ofApi('slow'), BUDGET, settled.written)
    const usedFailing = useOf(ofApi('failing'), BUDGET, settled.written)
    const seconds = (tokens.last - tokens.first) / 1000
    const usedPatient = tokens.used / Math.min(PATIENT.bucket + seconds * PATIENT.perSecond, perConnection)
    const mailed = mailLines.map(takenBy)
    const mails = new Set(mailed.flat())
    const mailTries = mailLines.map(triesOf)
    const lost = settled.sent.filter((id) => !taken.taken.has(`msg_${id}`) && !mails.has(id)).length
    // A mail can't be taken twice under any circumstances: after a doubt nobody sends it again but a person.
    const doubled = [...answered.values()].filter((times) => times > 1).length + mailed.flat().length - mails.size
    const mailUse = mailLines.map(
      (line, at) => line.patienceUsed(perConnection) ?? useOf(mailTries[at]!, SMTP_BUDGET, settled.written),
    )
    const patience = refusals.count + mailLines.reduce((sum, line) => sum + line.refusals(), 0)
    return {
      figures: {
        answers: plain(sent, 'answers', sent),
        lost: plain(lost, 'answers', sent),
        'doubled after a thanks': plain(doubled, 'answers', sent),
        'waiting for a person': plain(settled.shown, 'answers', sent),
        tries: plain(arrivals.length + mailTries.flat().length, 'tries', sent),
        'asked for patience': plain(patience, 'times', sent),
      },
      limit: {
        'own allowance': plain(BUDGET.count / BUDGET.perSeconds, 'answers/s', sent),
        'own allowance, SMTP': plain(SMTP_BUDGET.count / SMTP_BUDGET.perSeconds, 'answers/s', sent),
        'patience of the third': plain(PATIENT.perSecond, 'answers/s', sent),
      },
      ratios: {
        'limit used: slow': usedSlow,
        'limit used: failing': usedFailing,
        'limit used: rate-limiting': usedPatient,
        ...Object.fromEntries(mailLines.map(({ name }, at) => [`limit used: ${name}`, mailUse[at]!])),
      },
      targets: [
        atMost('lost', 0),
        atMost('doubled after a thanks', 0),
        atLeast('limit used: slow', 0.95),
        atLeast('limit used: failing', 0.95),
        atLeast('limit used: rate-limiting', 0.95),
        ...mailLines.map(({ name }) => atLeast(`limit used: ${name}`, 0.95)),
      ],
      invariants: {
        'nothing is lost': lost === 0 && settled.sent.length + settled.shown === sent,
        'nothing is doubled': doubled === 0,
      },
    }
  } finally {
    for (const platform of platforms) await platform.stop()
    for (const { server } of mailLines) await server.stop()
  }
}

async function openConversations(database: BenchDatabase, desk: Desk, deliveries: readonly Delivery[]): Promise<void> {
  await storePending(database.owner, desk.workspaceId, deliveries)
  await waitFor(
    'receiving',
    60,
    async () => (await database.owner.query(`select from deliveries where state = 'pending' limit 1`)).rowCount === 0,
  )
}

/** One answer to each message that came, over HTTP; answers how many. */
async function answerAll(database: BenchDatabase, served: Served, desk: Desk): Promise<number> {
  const { rows } = await database.owner.query<{ id: string }>('select conversation_id as id from messages order by seq')
  let next = 0
  const writer = async (): Promise<void> => {
    for (let index = next++; index < rows.length; index = next++) {
      await callJson(served.url, {
        method: 'POST',
        path: `/api/conversations/${rows[index]!.id}/messages`,
        headers: { ...desk.owner, ...fromAddress(index) },
        body: { body: `Thank you for writing. This is answer ${index}.`, clientId: randomUUIDv7() },
      })
    }
  }
  await Promise.all(Array.from({ length: 8 }, writer))
  return rows.length
}

interface Drained {
  readonly sent: string[]
  /** How many a person has to look at. */
  readonly shown: number
  /** When each was written, in milliseconds, by its name on the platform and by whom it went to. */
  readonly written: ReadonlyMap<string, number>
}

/** Waits until nothing is on its way any more. */
async function drain(database: BenchDatabase, seconds: number): Promise<Drained> {
  const open = `select from outbound where state <> 'settled' and next_at < 'infinity' limit 1`
  await waitFor('sending', seconds, async () => (await database.owner.query(open)).rowCount === 0, 250)
  await sleep(200)
  const { rows } = await database.owner.query<{ id: string; state: string; at: Date; address: string | null }>(
    `select m.id, m.state, m.occurred_at as at, b.addressees -> 'to' -> 0 ->> 'address' as address
      from messages m left join message_bodies b on b.workspace_id = m.workspace_id and b.message_id = m.id where m.kind = 'out'`,
  )
  const written = new Map(
    rows.flatMap(({ id, at, address }) => {
      const moment = at.getTime()
      return [[`msg_${id}`, moment] as const, ...(address === null ? [] : [[address, moment] as const])]
    }),
  )
  const sent = rows.filter(({ state }) => ['sent', 'delivered', 'read'].includes(state)).map(({ id }) => id)
  return { sent, shown: rows.filter(({ state }) => ['failed', 'unknown'].includes(state)).length, written }
}

const triesOf = ({ name, server }: SmtpLine): Try[] =>
  server.tries.flatMap(({ to, begunAt, endedAt }) =>
    to === null ? [] : [{ connection: name, id: to, at: begunAt, took: (endedAt ?? begunAt) - begunAt }],
  )

/**
 * How long the best possible order of these tries would take, by the answer times that they really had, over how long it took:
 * from the first try until the last answer had its first one, since only until then something waits for the allowance. Nothing
 * could leave before it was written and its undo time was over.
 */
function useOf(
  all: readonly Try[],
  { count, perSeconds, concurrent }: SendBudget,
  written: ReadonlyMap<string, number>,
): number {
  const own = all.toSorted((a, b) => a.at - b.at)
  const firsts = new Map<string, number>()
  own.forEach(({ id }, index) => firsts.has(id) || firsts.set(id, index))
  const waited = own.slice(0, Math.max(...firsts.values()) + 1)
  const windowMs = perSeconds * 1000
  const starts: number[] = []
  const free = Array.from({ length: concurrent }, () => 0)
  // Undo time and the least that lies between: as long after it was written each may leave.
  const least = Math.min(...waited.map(({ id, at }) => at - (written.get(id) ?? -Infinity)))
  const dueAt = (id: string): number => (written.get(id) ?? -Infinity) + least
  const began = Math.min(waited[0]!.at, ...waited.map(({ id }) => dueAt(id)).filter(Number.isFinite))
  for (const [index, { id, took }] of waited.entries()) {
    const place = free.indexOf(Math.min(...free))
    const turn = index < count ? 0 : starts[index - count]! + windowMs
    const start = Math.max(free[place]!, turn, dueAt(id) - began)
    starts.push(start)
    free[place] = start + took
  }
  const real = waited.at(-1)!.at - began
  return starts.at(-1)! / real
}
