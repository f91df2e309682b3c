// The chats of the small network, with a log for each member as the chat service keeps it.

export interface ChatMessage {
  readonly id: string
  readonly rev: string
  readonly text: string
  readonly facets?: unknown
  readonly sender: string
  readonly sentAt: string
  readonly replyTo?: string
}

export interface Convo {
  readonly id: string
  readonly members: readonly string[]
  rev: string
  readonly messages: ChatMessage[]
  /** Members who have not accepted yet. */
  readonly requests: Set<string>
  locked: boolean
  group: string | null
}

export interface LogEntry {
  readonly rev: string
  readonly to: string
  readonly kind: string
  readonly convoId: string
  readonly message?: ChatMessage
  readonly reaction?: { readonly value: string; readonly sender: string; readonly createdAt: string }
}

export interface ChatState {
  readonly convos: Map<string, Convo>
  readonly log: LogEntry[]
}

export interface Chats extends ChatState {
  /** The one conversation of two. */
  between(one: string, other: string): Convo
  say(
    from: string,
    convo: Convo,
    text: string,
    more?: { readonly facets?: unknown; readonly replyTo?: string },
  ): ChatMessage
  react(by: string, convo: Convo, message: ChatMessage, value: string): void
  deleteFor(member: string, convo: Convo, message: ChatMessage): void
  accept(member: string, convo: Convo): void
}

export function openChats(now: () => Date, nextTid: () => string, { convos, log }: ChatState): Chats {
  const tell = (convo: Convo, entry: Omit<LogEntry, 'rev' | 'to' | 'convoId'>, to = convo.members): string => {
    const rev = nextTid()
    convo.rev = rev
    for (const member of to) log.push({ ...entry, rev, to: member, convoId: convo.id })
    return rev
  }
  return {
    convos,
    log,
    between(one, other) {
      const members = [one, other].sort()
      const found = [...convos.values()].find(
        (convo) => convo.group === null && convo.members.join() === members.join(),
      )
      if (found) return found
      const id = nextTid()
      const convo: Convo = { id, members, rev: id, messages: [], requests: new Set(), locked: false, group: null }
      convos.set(id, convo)
      tell(convo, { kind: 'logBeginConvo' })
      return convo
    },
    say(from, convo, text, more = {}) {
      const message: ChatMessage = {
        id: nextTid(),
        rev: nextTid(),
        text,
        sender: from,
        sentAt: now().toISOString(),
        ...more,
      }
      convo.messages.push(message)
      tell(convo, { kind: 'logCreateMessage', message })
      return message
    },
    react(by, convo, message, value) {
      const reaction = { value, sender: by, createdAt: now().toISOString() }
      tell(convo, { kind: 'logAddReaction', message, reaction })
    },
    deleteFor(member, convo, message) {
      tell(convo, { kind: 'logDeleteMessage', message }, [member])
    },
    accept(member, convo) {
      if (convo.requests.delete(member)) tell(convo, { kind: 'logAcceptConvo' }, [member])
    },
  }
}
