// Words, phrases and names over the whole history, as somebody who sees all of it and as somebody who sees three teams.
import { openSet, openSets, type Desk } from './dataset.ts'
import { fromAddress, type Person } from './desk.ts'
import { atMost, plain, timed, type Bench, type Figure, type Measured, type Target } from './harness.ts'
import { callJson, drive, type Call } from './load.ts'
import { vocabulary } from './text.ts'

const CALLERS = 2

export async function search(bench: Bench): Promise<Measured> {
  await using sets = await openSets(bench)
  const desk = await openSet(bench, sets, bench.pick(500, 1_000_000))
  await using served = await desk.database.serve({ roles: 'web' })
  const figures: Record<string, Figure> = { messages: plain(desk.messages, 'messages') }
  const targets: Target[] = []
  const notes: string[] = []
  const kinds = await questionsOf(desk)
  for (const [person, who] of [
    ['sees all', desk.lead],
    ['three teams', desk.agent],
  ] as const) {
    for (const [kind, questions] of Object.entries(kinds)) {
      const name = `${kind}, ${person}`
      figures[name] = timed(await ask(served.url, who, questions, bench.pick(4, 120)), 'ms', 'p95')
      targets.push(atMost(`${name}.p95`, 100))
      notes.push(`${name}: ${await hits(served.url, who, questions[0]!)} on the first page for ${questions[0]!.text}`)
    }
  }
  return { figures, limit: {}, ratios: {}, targets, notes }
}

interface Question {
  readonly text: string
  readonly path: string
}

/** Several of each kind, so that no one page of the index is asked for all the time. */
async function questionsOf({ database }: Desk): Promise<Record<string, Question[]>> {
  const words = vocabulary()
  const message = (text: string): Question => ({ text, path: `/api/search/messages?q=${encodeURIComponent(text)}` })
  const customer = (text: string): Question => ({ text, path: `/api/customers?q=${encodeURIComponent(text)}` })
  const phrases = await database.owner.query<{ phrase: string }>(
    `select array_to_string((string_to_array(body, ' '))[2:4], ' ') as phrase from messages
     where length(body) > 60 limit 20`,
  )
  const names = await database.owner.query<{ name: string }>('select name from customers order by id limit 20')
  return {
    'a common word': words.slice(1, 11).map(message),
    'a middling word': words.slice(2000, 2020).map(message),
    'a rare word': Array.from({ length: 20 }, (_, n) => message(`booking${n * 7919}`)),
    'a word that nobody wrote': Array.from({ length: 5 }, (_, n) => message(`nevermentioned${n}`)),
    'two words': words.slice(300, 320).map((word, n) => message(`${word} ${words[n + 5]}`)),
    'a rare and a common word': words.slice(8000, 8020).map((word, n) => message(`${word} ${words[n]}`)),
    'a phrase': phrases.rows.map(({ phrase }) => message(`"${phrase}"`)),
    'a name': names.rows.map(({ name }) => customer(name)),
    'the beginning of a name': names.rows.map(({ name }) => customer(name.slice(0, 4))),
  }
}

async function ask(url: string, { headers }: Person, questions: readonly Question[], count: number): Promise<number[]> {
  const calls = Array.from({ length: count }, (_, index): Call => ({
    method: 'GET',
    path: questions[index % questions.length]!.path,
    headers: { ...headers, ...fromAddress(index) },
  }))
  await drive(url, calls.slice(0, questions.length).values(), { callers: CALLERS, seconds: 20 })
  return (await drive(url, calls.values(), { callers: CALLERS, seconds: 30 })).times
}

async function hits(url: string, { headers }: Person, { path }: Question): Promise<number> {
  const { value } = await callJson<{ items: readonly unknown[] }>(url, {
    method: 'GET',
    path,
    headers: { ...headers, ...fromAddress(1) },
  })
  return value.items.length
}
