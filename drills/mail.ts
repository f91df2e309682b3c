// Mail and kill -9, and a provider that dies at the worst moment. Nobody can be asked over SMTP whether a mail arrived: so nothing
// may be sent again by itself once its end may have left, and a person must see each such case.
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '#platform/testing/random'
import { equal, settle, type Line } from './count.ts'
import { answerUntilStored } from './load.ts'
import { countAnswers, countMail, moody, openMailHouse, startMailLoad, takenIds, type MailHouse } from './mail-load.ts'
import type { Drill } from './run.ts'

export const killMail: Drill = {
  summary: 'kill -9 of the program while mail comes and answers leave, both by SMTP',
  rounds: 30,
  smoke: 1,
  async run({ rounds, say }) {
    await using mail = await openMailHouse()
    const random = seededRandom(rounds)
    mail.provider.moods(moody(rounds))
    const load = startMailLoad(mail)
    const node = mail.house.nodes[0]!
    try {
      // The first answers leave when their undo time is over.
      await sleep(11_000)
      for (let round = 1; round <= rounds; round++) {
        await sleep(300 + random.below(1500))
        await node.kill()
        await node.start()
        if (round % 10 === 0 || round === rounds)
          say(
            `round ${round}: ${load.accepted.length} mails, ${load.answered.size} answers, ${mail.provider.taken.length} taken, ${load.refusals()} tried again`,
          )
      }
      await sleep(1000)
    } finally {
      await load.stop()
    }
    mail.provider.moods(null)
    await settle(mail.house)
    return [...(await countMail(mail.house, load)), ...(await countAnswers(mail, load.answered))]
  },
}

/** Answers a round, one to each customer. */
const A_ROUND = 6

export const mailDoubt: Drill = {
  summary: 'the SMTP server dies after the mail was handed over: unknown, shown, and a person’s word decides once',
  rounds: 10,
  smoke: 1,
  async run({ rounds, say }) {
    await using mail = await openMailHouse()
    const { house, provider } = mail
    const load = startMailLoad(mail, A_ROUND)
    while (load.accepted.length < A_ROUND * 2) await sleep(100)
    await load.stop()
    await settle(house)
    const answered = new Set(load.answered)
    const { body } = await house.call('GET', '/api/conversations?limit=50')
    const conversations = (body as { items: { id: string }[] }).items.map(({ id }) => id)
    let count = 0
    provider.moods(() => (count++ % 3 === 0 ? { body: 'keep and hang up' } : {}))
    for (let round = 1; round <= rounds; round++) {
      for (const id of conversations) await answerUntilStored(house, { answered, refusals: 0 }, id)
      await settle(house)
      say(
        `round ${round}: ${provider.taken.length} taken, ${provider.taken.filter((one) => !one.thanked).length} without a word`,
      )
    }
    const before = await countAnswers(mail, answered)
    provider.moods(null)
    return [...before, ...(await decideAll(mail))]
  },
}

/** Every doubt is decided, by turns: it arrived, or send it again. */
async function decideAll(mail: MailHouse): Promise<Line[]> {
  const { house } = mail
  const unknown = (await house.ask(`select id from messages where state = 'unknown' order by id`)).map((row) =>
    String(row['id']),
  )
  const timesBefore = Map.groupBy(takenIds(mail), (id) => id)
  for (const [index, id] of unknown.entries())
    await house.call('POST', `/api/messages/${id}/decide`, { decision: index % 2 === 0 ? 'arrived' : 'send_again' })
  await settle(house)
  const times = Map.groupBy(takenIds(mail), (id) => id)
  const more = (id: string) => (times.get(id)?.length ?? 0) - (timesBefore.get(id)?.length ?? 0)
  const [open] = await house.ask(`select count(*)::int as n from messages where kind = 'out' and state <> 'sent'`)
  return [
    equal('doubts that were decided', unknown.length > 0 ? 'some' : 'none', 'some'),
    equal('  “it arrived”, sent again', unknown.filter((id, index) => index % 2 === 0 && more(id) !== 0).length, 0),
    equal(
      '  “send it again”, not sent just once',
      unknown.filter((id, index) => index % 2 === 1 && more(id) !== 1).length,
      0,
    ),
    equal('  answers that are still open', Number(open!['n']), 0),
  ]
}
