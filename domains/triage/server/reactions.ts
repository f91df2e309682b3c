// What triage does when the inbox speaks. Times in events are too old to be told twice: each reaction looks at what is there.
import type { KnownConnections } from '#connections/server'
import type { Reaction } from '#platform/events/reactions'
import { enqueue } from '#platform/jobs'
import type { StoredEvent } from '#platform/events/read'
import { refreshConversations, tellChanged } from './storing/refresh.ts'
import { ASSESS_TASK } from './storing/understand.ts'

const idsOf = (events: readonly StoredEvent[], name: 'conversationId' | 'messageId'): string[] => [
  ...new Set(events.flatMap(({ data }) => (typeof data[name] === 'string' ? [data[name]] : []))),
]

export const triageReactions = ({ known }: { readonly known: KnownConnections }): readonly Reaction[] => [
  {
    name: 'triage.assess_edited',
    on: ['inbox.message_edited'],
    run: (tx, _actor, events) => enqueue(tx, ASSESS_TASK, { messageIds: idsOf(events, 'messageId') }),
  },
  {
    name: 'triage.forget_deleted',
    on: ['inbox.message_deleted'],
    run: async (tx, actor, events) => {
      await tx
        .deleteFrom('messageAssessments')
        .where('workspaceId', '=', actor.workspaceId)
        .where('messageId', 'in', idsOf(events, 'messageId'))
        .execute()
      await tx
        .deleteFrom('labelCorrections')
        .where('workspaceId', '=', actor.workspaceId)
        .where('messageId', 'in', idsOf(events, 'messageId'))
        .execute()
    },
  },
  {
    name: 'triage.reprioritise',
    // Not for each message that comes: that is understood where it is stored. An answer ends what was pressing, a resolution
    // all of it; both come back when the answer is undone or the conversation is open again.
    on: [
      'inbox.message_deleted',
      'inbox.message_moved',
      'inbox.message_held',
      'inbox.message_undone',
      'inbox.conversation_assigned',
      'inbox.conversation_waiting',
      'inbox.conversation_resolved',
      'inbox.conversation_reopened',
    ],
    run: async (tx, actor, events) => {
      const changed = await refreshConversations(tx, actor, known, idsOf(events, 'conversationId'), 'messages')
      await tellChanged(tx, actor, changed, ['understood'])
    },
  },
]
