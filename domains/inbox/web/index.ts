// What screens of domains above may use.
export { conversationQuery } from './queries.ts'
export { aboveThread, aroundWords, besideConversation, underMessage } from './slots.ts'
export { spanWords } from './words.ts'
