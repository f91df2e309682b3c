// Lets what is due leave, one claim after the other, without the loop and its time.
import type { Outbound, SendOutcome } from '#channels/connector'
import { programActor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import type { MadeInbox } from '../factories.ts'
import { claimDue, loadOutbound } from '../leaving.ts'
import { settle } from '../outcomes.ts'

export async function letLeave(
  db: Database,
  inbox: MadeInbox,
  moment: Date,
  answer: (outbound: Outbound) => SendOutcome = ({ messageId }) => ({ state: 'sent', externalId: `x-${messageId}` }),
): Promise<Outbound[]> {
  const actor = programActor(inbox.workspaceId, moment)
  const sent: Outbound[] = []
  for (;;) {
    const [claim] = await db.write(actor, (tx) => claimDue(tx, actor, inbox.connection, 1))
    if (!claim) return sent
    const outbound = await db.read(actor, (tx) => loadOutbound(tx, actor, claim, async () => Buffer.alloc(0)))
    sent.push(outbound)
    await db.write(actor, (tx) => settle(tx, actor, inbox.connection.id, claim, answer(outbound), false))
  }
}
