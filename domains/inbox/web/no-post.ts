import type { Message } from '../contract.ts'

/** What a message shows of networks where it has nothing of them. */
export const noPost = {
  context: false,
  url: null,
  warning: null,
  embeds: [],
  poll: null,
  engagement: {},
  author: null,
  threadId: null,
  chain: null,
  moderations: [],
} satisfies Partial<Message>
